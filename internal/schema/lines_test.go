package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	const text = `# a run
name: x

Rule:
  mask:
    - kind: bernoulli
      p: 0.1
    - full
  clip: {kind: value,
    bound: 1}
goals: [0.9,
  0.95]
a.b: 1
`
	line, err := Lines([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{
		"": 1, "name": 2, "rule": 4, "RULE.Mask": 5, "rule.mask[0]": 6, "rule.mask[0].kind": 6, "rule.mask[0].p": 7,
		"rule.mask[1]": 8, "rule.clip.bound": 10, "goals[0]": 11, "goals[1]": 12, "a.b": 13,
		// not there: the nearest around it
		"rule.mask[0].q": 6, "rule.mask[7].p": 5, "rule.mask[1].kind.x": 8, "rule.gate": 4, "train.batch": 1, "names": 1,
		"rule.mask[x].p": 5, "rule.mask[1": 5, "rule.mask1]": 4, "goals[-1]": 11,
		".": 1, "[": 1, "goals.": 11,
	} {
		if got := line(path).Line; got != want {
			t.Errorf("line of %q = %d, want %d", path, got, want)
		}
	}
}

func TestLinesOfEmpty(t *testing.T) {
	for _, text := range []string{"", "\n\n", "# nothing\n", "---\n", "{}"} {
		line, err := Lines([]byte(text))
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got := line("a.b").Line; got != 1 {
			t.Errorf("%q: line %d, want 1", text, got)
		}
	}
}

func TestLinesReports(t *testing.T) {
	for text, want := range map[string]string{
		"a: 1\nb:\n  c:\n  d: ~":     "line 3: b.c: has no value\nline 4: b.d: has no value; quote it where it is text: \"~\"",
		"a: [1, null]":               `line 1: a[1]: has no value; quote it where it is text: "null"`,
		"a: 1\nb: 2\nA: 3\na: 4":     "line 3: a: given twice, first on line 1\nline 4: a: given twice, first on line 1",
		"- 1":                        "line 1: a document of settings is a mapping, not a list",
		"\nhello":                    "line 2: a document of settings is a mapping, not a single value",
		"~":                          "line 1: a document of settings is a mapping, not a single value",
		"a: 1\n---\nb: 2":            "line 2: a second document begins, and settings are one",
		"a: 1\n---\n[":               "line 3: not YAML: did not find expected node content",
		"a: &x 1\nb: *x":             "line 1: a: has an anchor, which settings cannot refer to\nline 2: b: is an alias, write the value itself",
		"? &x a\n: 1":                "line 1: has a key with an anchor, which settings cannot refer to",
		"a:\n  <<: {b: 1}":           "line 2: a: has a merge key, write the keys themselves",
		"? [a]\n: 1":                 "line 1: has a key that is a list",
		"\"\": ~":                    `line 1: "": has no value; quote it where it is text: "~"`,
		"a: 1\n b: 2":                "line 2: not YAML: mapping values are not allowed in this context",
		"a: \"x":                     "not YAML: found unexpected end of stream",
		strings.Repeat("#", 1<<20+1): "the document has 1048577 bytes, more than the 1048576 allowed",
	} {
		line, err := Lines([]byte(text))
		if err == nil || err.Error() != want || line != nil {
			t.Errorf("%.40q:\ngot  %v\nwant %s", text, err, want)
		}
		if _, ok := errors.AsType[Errors](err); !ok {
			t.Errorf("%.40q: %T is no Errors", text, err)
		}
	}
}

// A small document must not take much time or memory, nor lead to a long
// message.
func TestLinesIsBounded(t *testing.T) {
	laughs := "a: &a [x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%c, *%c]\n", c, c, c-1, c-1)
	}
	var keys strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
	}
	key := strings.Repeat("k", 90)
	for name, c := range map[string]struct{ text, want string }{
		"aliases":  {laughs, "line 1: a: has an anchor, which settings cannot refer to"},
		"brackets": {"a: " + strings.Repeat("[", 1<<15), "not YAML: exceeded max depth of 10000"},
		"depth": {
			strings.Repeat("{"+key+": ", 9000) + "1" + strings.Repeat("}", 9000),
			"line 1: " + strings.Repeat("."+key[:64]+"…", 65)[1:] + ": is nested more than 64 levels deep",
		},
		"values": {"a: [" + strings.Repeat("1,", 500_000) + "1]", "the document may have 500002 values, more than the 65536 allowed"},
		"keys":   {keys.String(), "line 1: has 30000 keys, more than the 1000 allowed"},
		"list":   {key + ": [" + strings.Repeat("1,", 60_000) + "~]", "line 1: " + key[:64] + "…[60000]: has no value; quote it where it is text: \"~\""},
	} {
		_, err := Lines([]byte(c.text))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if first, _, _ := strings.Cut(err.Error(), "\n"); first != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, first, c.want)
		}
	}
}
