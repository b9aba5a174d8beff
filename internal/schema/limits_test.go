package schema

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// A limit is the last size that is allowed: one more is refused.
func TestLimitsOfDocuments(t *testing.T) {
	document := func(bytes int) string { return "a: 1\n" + strings.Repeat("#", bytes-5) }
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "k%d: 1\n", i)
		}
		return b.String()
	}
	nested := func(depth int) string {
		return strings.Repeat("{a: ", depth) + "1" + strings.Repeat("}", depth)
	}
	values := func(n int) string { return "a: [1" + strings.Repeat(",1", n-2) + "]" }
	for name, c := range map[string]struct {
		text    func(int) string
		most    int
		problem string
	}{
		"bytes":  {document, MaxDocument, "more than the 1048576 allowed"},
		"values": {values, maxValues, "may have 65537 values, more than the 65536 allowed"},
		"keys":   {keys, maxKeys, "has 1001 keys, more than the 1000 allowed"},
		"depth":  {nested, maxDepth, "is nested more than 64 levels deep"},
	} {
		if _, err := Lines([]byte(c.text(c.most))); err != nil {
			t.Errorf("%s: %d: %v", name, c.most, err)
		}
		if _, err := Lines([]byte(c.text(c.most + 1))); err == nil || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%s: %d: %v, want %s", name, c.most+1, err, c.problem)
		}
	}
}

// The tree of a run is one level, its rule and mask two more, and each mask in a
// list of others two.
func TestLimitOfTrees(t *testing.T) {
	tree := func(masks int) map[string]any {
		var mask any = "full"
		for range masks {
			mask = map[string]any{"kind": "both", "of": []any{mask, "full"}}
		}
		return map[string]any{"rule": map[string]any{"mask": []any{mask}}}
	}
	const most = (maxDepth - 4) / 2
	if err := Decode(tree(most), defaults(), nil); err != nil {
		t.Error(err)
	}
	if err := Decode(tree(most+1), defaults(), nil); err == nil || !strings.Contains(err.Error(), "is nested more than 64 levels deep") {
		t.Errorf("one more: %v", err)
	}
}

// What a message quotes is cut only where it is longer than a line bears.
func TestLengthsInMessages(t *testing.T) {
	for n, want := range map[int]string{
		maxKeyShown:     strings.Repeat("k", maxKeyShown),
		maxKeyShown + 1: strings.Repeat("k", maxKeyShown) + "…",
	} {
		if got := join("", strings.Repeat("k", n)); got != want {
			t.Errorf("a key of %d letters: %s", n, got)
		}
	}
	for n, want := range map[int]string{40: strings.Repeat("é", 40), 41: strings.Repeat("é", 40) + "…"} {
		if got := quote(strings.Repeat("é", n)); got != `"`+want+`"` {
			t.Errorf("a text of %d letters: %s", n, got)
		}
	}
	if got := show(0.123456789); got != "0.123456789" {
		t.Errorf("a number is shown as %s", got)
	}
}

// A list of 16 stands on its line, a longer one below it.
func TestLengthOfALine(t *testing.T) {
	for n, lines := range map[int]int{16: 1, 17: 18} {
		text, err := Encode(&struct {
			List []int `key:"list"`
		}{make([]int, n)}, false)
		if err != nil || strings.Count(string(text), "\n") != lines {
			t.Errorf("%d elements, %v, want %d lines:\n%s", n, err, lines, text)
		}
	}
}

// Every whole number of 64 bits is one, and no larger ones.
func TestLargestWholeNumbers(t *testing.T) {
	if got, ok := toInt(uint64(math.MaxInt64)); !ok || got != math.MaxInt64 {
		t.Errorf("2^63-1: %d, %v", got, ok)
	}
	if _, ok := toInt(uint64(math.MaxInt64) + 1); ok {
		t.Error("2^63 is a whole number of 64 bits with a sign")
	}
	if got, ok := toUint(uint64(math.MaxUint64)); !ok || got != math.MaxUint64 {
		t.Errorf("2^64-1: %d, %v", got, ok)
	}
	if _, ok := toUint(-1); ok {
		t.Error("-1 is a whole number without a sign")
	}
}

// Of several keys the nearest is meant, the first of those that are equally near;
// a word of 64 letters is still looked at.
func TestNearestOfSeveral(t *testing.T) {
	long := strings.Repeat("p", 64)
	for _, c := range []struct {
		word, want string
		keys       []string
	}{
		{"hidden", "hidden", []string{"hiddens", "hidden", "hiden"}},
		{"hiden", "hidden", []string{"hid", "hidden"}},
		{"hiden", "hidden", []string{"hidden", "hid"}},
		{"rate", "rates", []string{"rates", "crate"}},
		{"rate", "crate", []string{"crate", "rates"}},
		{"p", "p", []string{"p", "pq"}},
		{long, long[:63] + "q", []string{long[:63] + "q"}},
	} {
		if got, _ := nearest(c.word, c.keys); got != c.want {
			t.Errorf("%s among %v: %s, want %s", c.word, c.keys, got, c.want)
		}
	}
}
