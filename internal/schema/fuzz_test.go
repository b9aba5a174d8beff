package schema

import (
	"bytes"
	"testing"

	"ergon/internal/bounded/boundedtest"
)

// ofYAML is how many bytes a reader may allocate, and free again, for a byte of YAML: a value
// may be two bytes of text, and how many there can be is bounded before any is made.
const ofYAML = 2048

// decodeText is how a file is read: indexed, parsed, decoded.
func decodeText(text []byte, dst any) error {
	line, err := Lines(text)
	if err != nil {
		return err
	}
	tree, err := Tree(text)
	if err != nil {
		return err
	}
	return Decode(tree, dst, func(path string) (string, int) { return "fuzz.yaml", line(path).Line })
}

// Whatever the bytes, reading them gives settings or an error, and settings
// survive writing and reading: encode(decode(encode(x))) = encode(x).
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "name: x", "rule: {mask: full}", "rule: {mask: [{kind: bernoulli, p: 0.1}, subnet]}",
		"rule: {mask: {kind: both, of: [full, {kind: both, of: []}]}, clip: .inf, extra: normal}",
		"model: {hidden: [200, 100], bias: true, init: {kind: normal, std: 1e-3}}",
		"goals: [0.9, 0.95]\nprices: [horowitz, loihi]\ntags: ['~', \"a\\u2028b\", !!binary gIGC]\nscale: -0.0\nseed: 18446744073709551615",
		"a: &a [x]\nb: *a", "a: 1\nA: 2", "? [a]\n: b", "--- 1\n--- 2", "name: ~", "<<: {name: x}", "rule:\n  mask:\n  - p: 2\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		first := defaults()
		var err error
		boundedtest.AtMost(t, ofYAML, len(text), func() { err = decodeText(text, first) })
		if err != nil {
			_ = err.Error()
			return
		}
		once, err := Encode(first, true)
		if err != nil {
			t.Fatal(err)
		}
		second := defaults()
		if err := decodeText(once, second); err != nil {
			t.Fatalf("%v, of\n%s", err, once)
		}
		if diff := equal(first, second); diff != "" {
			t.Fatalf("(-first +second):\n%s\nof\n%s", diff, once)
		}
		if twice, err := Encode(second, true); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v\nonce:\n%s\ntwice:\n%s", err, once, twice)
		}
	})
}

// Whatever the assignment, Set gives a tree that can be decoded or an error.
func FuzzSet(f *testing.F) {
	for _, seed := range []string{
		"name=x", "rule.mask[0].p=0.1", "rule.mask=subnet", "rule.mask[0]={kind: both, of: [full]}", "model.init.std=.inf",
		"a[0][1].b=3", "=", "a..b=1", "a[=1", "model.hidden[1]=[1, 2]", "tags[0]=1e3", "rule.extra.kind=he", "a=*b", "a={b: ~}",
	} {
		f.Add("rule.mask=[full, subnet]", seed)
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		tree := map[string]any{}
		for _, assignment := range []string{one, two} {
			if err := Set(tree, defaults(), assignment); err != nil {
				_ = err.Error()
			}
		}
		if err := Decode(tree, defaults(), Overridden([]string{one, two}, nil)); err != nil {
			_ = err.Error()
		}
	})
}
