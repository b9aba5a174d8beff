package schema

import "testing"

// A setting that was added later is part of the identity only where it is set;
// Encode writes it always. One without the tag is always part of it.
func TestIdentity(t *testing.T) {
	type inner struct {
		Old  int    `key:"old"`
		List []int  `key:"list" identity:"nonzero"`
		Text string `key:"text" identity:"nonzero"`
	}
	type outer struct {
		Inner inner `key:"inner"`
		New   int   `key:"new" identity:"nonzero"`
	}
	for _, c := range []struct {
		value             outer
		identity, encoded string
	}{
		{outer{}, "inner:\n  old: 0\n", "inner:\n  old: 0\n  list: []\n  text: \"\"\nnew: 0\n"},
		{
			outer{inner{1, []int{2}, "x"}, 3},
			"inner:\n  old: 1\n  list: [2]\n  text: x\nnew: 3\n", "inner:\n  old: 1\n  list: [2]\n  text: x\nnew: 3\n",
		},
	} {
		identity, err := Identity(c.value)
		if err != nil || string(identity) != c.identity {
			t.Errorf("identity of %v: got %q, %v, want %q", c.value, identity, err, c.identity)
		}
		encoded, err := Encode(c.value, false)
		if err != nil || string(encoded) != c.encoded {
			t.Errorf("%v encoded: got %q, %v, want %q", c.value, encoded, err, c.encoded)
		}
	}
}
