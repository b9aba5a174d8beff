package schema

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"
)

// in16 returns a text as UTF-16 with a byte order mark.
func in16(text string, order binary.ByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		var pair [2]byte
		order.PutUint16(pair[:], unit)
		out = append(out, pair[:]...)
	}
	return string(out)
}

// What a document may look like is no matter.
func TestParseReads(t *testing.T) {
	const text = "%YAML 1.2 # of 2009\n---\nname: a\n"
	for _, document := range []string{
		"name: a", text, "%YAML 1.1\n---\nname: a", "# a comment\n\n%YAML 1.2\n---\nname: a", "\ufeff%YAML 1.2\n---\nname: a\n", "%YAML 1.2\r\n---\r\nname: a\r\n",
		"%YAML 1.2\r---\rname: a\r", "%TAG ! tag:example.com,2000:\n%YAML 1.2\n---\nname: a", in16(text, binary.BigEndian), in16(text, binary.LittleEndian),
	} {
		tree, err := Tree([]byte(document))
		if err != nil || tree["name"] != "a" {
			t.Errorf("%q: %v, %v", document, tree, err)
		}
	}
}

// A document of nothing has no root, and is no error.
func TestParseReadsNothing(t *testing.T) {
	for _, document := range []string{"", "\n", "# a comment\n", "---\n", "\ufeff"} {
		if root, err := Parse([]byte(document)); root != nil || err != nil {
			t.Errorf("%q: %v, %v", document, root, err)
		}
	}
}

// What would be lost is an error with its line and what to do.
func TestParseRefuses(t *testing.T) {
	for document, want := range map[string]string{
		"%YAML 2.0\n---\nname: a":      "line 1: is a document of YAML 2.0, want YAML 1.2",
		"a: !env A":                    "line 1: a: has the tag !env, and settings have none",
		"a: !!str 3":                   `line 1: a: has the tag !!str, and settings have none; quote a string: "3"`,
		"a:\n  b: !!map {c: 1}":        "line 2: a.b: has the tag !!map, and settings have none",
		"a: [1, !!int 2]":              "line 1: a[1]: has the tag !!int, and settings have none",
		"!!str a: 1":                   "line 1: has a key with the tag !!str, and settings have none",
		"!t\na: 1":                     "line 1: has the tag !t, and settings have none",
		"a: |\nb: 1":                   `line 1: a: has no value, a block of text is empty; write "" for an empty string`,
		"a: 1\nb: caf\xe9":             "line 2: the byte 0xe9 is not UTF-8; save the file as UTF-8",
		"\xff\xfea\x00:":               "is broken UTF-16; save the file as UTF-8",
		"\xfe\xff\xd8\x00\x00a":        "is broken UTF-16; save the file as UTF-8",
		"a:\u00a03":                    "line 1: a document of settings is a mapping, not a single value; it has the character U+00A0, which looks like a blank: write a plain one",
		"a:\u20073\nb: 1":              "line 2: not YAML: mapping values are not allowed in this context; line 1 has the character U+2007, which looks like a blank: write a plain one",
		"a:3":                          "line 1: a document of settings is a mapping, not a single value; a blank belongs after the colon, as in seed: 3",
		"a = 3":                        "line 1: a document of settings is a mapping, not a single value; a file has settings as seed: 3",
		"a:\n\tb: 1":                   "line 2: not YAML: found character that cannot start any token; line 2 is indented with a tab: use blanks",
		"a: {rule.mask[0].p: 1}":       `not YAML: did not find expected ',' or '}'; a key with brackets needs quotes within braces: {"rule.mask[0].p": 0.1}`,
		"a: {b: 1, rule.mask[0].p: 1}": `not YAML: did not find expected ',' or '}'; a key with brackets needs quotes within braces: {"rule.mask[0].p": 0.1}`,
	} {
		if _, err := Tree([]byte(document)); err == nil || err.Error() != want {
			t.Errorf("%q:\ngot  %v\nwant %s", document, err, want)
		}
	}
}

// Price tables use what settings may not: null is a price that is not known.
func TestParseLeavesNull(t *testing.T) {
	if root, err := Parse([]byte("a: null\nb: {}\n")); err != nil || len(root.Content) != 4 {
		t.Errorf("%v, %v", root, err)
	}
	if _, err := Parse([]byte("a: !t null\n")); err == nil {
		t.Error("a tag was let pass")
	}
}
