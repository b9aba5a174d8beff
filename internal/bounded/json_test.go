package bounded

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"ergon/internal/bounded/boundedtest"
)

// What is refused, and what is said of it.
var refused = map[string]string{
	"":                                   "unexpected end of JSON input",
	"{":                                  "unexpected end of JSON input",
	"{}{}":                               "invalid character '{' after top-level value",
	"nul":                                "invalid character",
	"\ufeff{}":                           "invalid character",
	"{'a': 1}":                           "invalid character",
	`{"a": NaN}`:                         "invalid character 'N'",
	`{"a": 0x10}`:                        "invalid character 'x'",
	"{\"a\": \"\x01\"}":                  "invalid character '\\x01' in string literal",
	"{\"a\": \"\xff\"}":                  "is not UTF-8",
	`{"a": 1, "a": 2}`:                   `byte 9: the key "a" is given twice`,
	`{"a": 1, "\u0061": 2}`:              `the key "a" is given twice`,
	`{"b": [1, {"x": {}, "x": 0}]}`:      `byte 20: the key "x" is given twice`,
	`[{"a": [1, "a"], "b": 1, "b": {}}]`: `the key "b" is given twice`,
	strings.Repeat("[", 65) + strings.Repeat("]", 65): "byte 64: is nested more than 64 levels deep",
	strings.Repeat("[", 100_000):                      "exceeded max depth",
	"[" + strings.Repeat("{},", 1<<20) + "{}]":        "more lists and objects than a file of 3145732 bytes has",
	`{"steps": 1e999}`:                                "cannot unmarshal number 1e999",
	`{"steps": 9223372036854775808}`:                  "cannot unmarshal number 9223372036854775808",
	`{"steps": "1"}`:                                  "cannot unmarshal string",
	manyKeys(maxKeys + 1):                             "an object has more than 16384 keys",
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ",\"%d\":0", i)
	}
	return "{" + b.String()[1:] + "}"
}

// result is what is read.
type result struct {
	Steps int
	List  []*struct{ A, B float64 }
	Map   map[string]any
}

func TestJSONRefuses(t *testing.T) {
	for text, want := range refused {
		boundedtest.AtMost(t, most, len(text), func() {
			if err := JSON([]byte(text), new(result)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%.60q: error %v, want %q", text, err, want)
			}
		})
	}
}

// most bounds how many bytes of memory a byte of JSON is while it is read: of one that is
// a number in an any, or an object of 24 bytes.
const most = 40

// What is as it should be is read as encoding/json reads it.
func TestJSONReads(t *testing.T) {
	for _, text := range []string{
		"{}", "null", `{"steps": 3, "list": [{"a": 1}, null], "map": {"steps": [], "a\"b": {"a\"b": "}{\\"}}}`,
		`{"map": {"a": {"a": 1}, "b": {"a": 1}}}`, strings.Repeat(`{"map":`, 1) + "{" + `"x":` + strings.Repeat("[", 60) + strings.Repeat("]", 60) + "}}",
		` { "map" : ` + manyKeys(maxKeys) + ` , "list" : [ ` + strings.Repeat("{},", 4000) + ` {} ] }`,
	} {
		var got, want result
		if err := JSON([]byte(text), &got); err != nil {
			t.Errorf("%.60q: %v", text, err)
		}
		if err := json.Unmarshal([]byte(text), &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%.60q: read %+v, want %+v (%v)", text, got, want, err)
		}
	}
}

// Many small objects beside a large one take no time to tell apart.
func TestKeysOfManyObjects(t *testing.T) {
	large := manyKeys(maxKeys)
	text := "[" + large + strings.Repeat(","+strings.Repeat(" ", bytesFor1-3)+"{}", 100_000) + "]"
	if err := check([]byte(text)); err != nil {
		t.Error(err)
	}
}

// FuzzJSON: a value is read as encoding/json reads it, or refused; a key twice is always
// refused; memory follows the text.
func FuzzJSON(f *testing.F) {
	for text := range refused {
		if len(text) < 1000 {
			f.Add([]byte(text))
		}
	}
	f.Add([]byte(`{"a":{"b":[1,{"c":"\u00e9\\\""}]},"d":[[],[{}]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var got, want any
		var err error
		boundedtest.AtMost(t, 8*most, len(text), func() { err = JSON(text, &got) }) // maps of any are larger than structs
		if err == nil {
			if err := json.Unmarshal(text, &want); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("read %v, want %v, %v", got, want, err)
			}
			return
		}
		if !json.Valid(text) {
			return
		}
		if twice := fmt.Appendf(nil, `[{"k":%s,"k":%s}]`, text, text); check(twice) == nil {
			t.Fatalf("a key twice is read: %s", twice)
		}
	})
}
