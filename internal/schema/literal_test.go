package schema

import (
	"errors"
	"testing"

	"go.yaml.in/yaml/v3"
)

// numbers are settings of each sort of number; single is computed with as float32.
type numbers struct {
	Int    int       `key:"int"`
	Seed   uint64    `key:"seed"`
	Float  float64   `key:"float" in:"[0,inf)"`
	Bound  float64   `key:"bound" in:"(0,inf]"`
	List   []float64 `key:"list"`
	Single single    `key:"single" precision:"float32"`
	Kinds  []mask    `key:"kinds" precision:"float32"`
}

type single struct {
	Rate   float64   `key:"rate" in:"[0,inf)"`
	Bound  float64   `key:"bound" in:"(0,inf]"`
	Rates  []float64 `key:"rates"`
	Double float64   `key:"double" precision:"float64"`
	Count  int       `key:"count"`
}

// A number is what it looks like, or it is refused with what to write.
func TestNumbersAsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"int: 010":                             "int: 010 has a leading zero; write 10, or 0o10 for octal",
		"int: -007":                            "int: -007 has a leading zero; write -7, or -0o7 for octal",
		"int: 08":                              "int: 08 has a leading zero; write 8",
		"seed: 00":                             "seed: 00 has a leading zero; write 0",
		"seed: 0_1":                            "seed: 0_1 has a leading zero; write 1, or 0o1 for octal",
		"float: 00.5":                          "float: 00.5 has a leading zero; write 0.5",
		"float: 01e3":                          "float: 01e3 has a leading zero; write 1e3",
		"list: [1, +012]":                      "list[1]: +012 has a leading zero; write +12, or +0o12 for octal",
		"float: 1e-400":                        "float: 1e-400 is too small for a number, it would be 0; the least is 5e-324",
		"float: 0.0001e-330":                   "float: 0.0001e-330 is too small for a number, it would be 0; the least is 5e-324",
		"list: 1e400":                          `list: want a number, got the string "1e400"; it is larger than the largest number, 1.8e308`,
		"int: 1e-400":                          "int: 1e-400 is too small for a number, it would be 0; the least is 5e-324",
		"seed: 9007199254740993.0":             "seed: want a whole number from 0 to 2^64-1, got 9007199254740993.0",
		"single: {rate: 1e-60}":                "single.rate: 1e-60 is 0 in float32, and nothing would come of it; write 0 where that is meant",
		"single: {bound: 1e-60}":               "single.bound: 1e-60 is 0 in float32, and nothing would come of it",
		"single: {bound: 1e39}":                "single.bound: 1e39 is infinite in float32; write .inf where that is meant",
		"single: {rate: 1e39}":                 "single.rate: 1e39 is infinite in float32",
		"single: {rates: [1, -1e-50]}":         "single.rates[1]: -1e-50 is 0 in float32, and nothing would come of it; write 0 where that is meant",
		"kinds: [{kind: bernoulli, p: 1e-60}]": "kinds[0].p: 1e-60 is 0 in float32, and nothing would come of it",
		"list: 1,2":                            `list: want a list of numbers, got the string "1,2"; a list has brackets: [1,2]`,
		"int: 0001-01-01":                      "int: want a whole number, got the date 0001-01-01",
		"int: 1,000":                           `int: want a whole number, got the string "1,000"; one number is wanted, and no comma`,
	} {
		if err := Decode(tree(t, text), &numbers{Bound: 1, Single: single{Bound: 1}}, nil); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
	for _, text := range []string{
		"int: 0", "int: 0o10", "int: 0x10", "int: 0b11", "int: 1_000", "float: 0.5", "float: 0", "float: 0e5", "float: 0.0", "float: 00e", "float: 1e-300", "bound: .inf",
		"single: {rate: 0, bound: .inf, double: 1e-60, count: 0}", "single: {rate: 1e-45, bound: 3e38}", "float: -0", "seed: 18446744073709551615",
	} {
		if err := Decode(tree(t, text), &numbers{Bound: 1, Single: single{Bound: 1}}, nil); err != nil && text != "float: 00e" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]struct {
		x   float64
		ok  bool
		err string
	}{
		"12": {12, true, ""}, "0o10": {8, true, ""}, "1e3": {1000, true, ""}, "-0.5": {-0.5, true, ""}, "18446744073709551615": {18446744073709551615, true, ""},
		"010": {0, true, "010 has a leading zero; write 10, or 0o10 for octal"}, "1e-400": {0, true, "1e-400 is too small for a number, it would be 0; the least is 5e-324"},
		"a": {}, "'1'": {}, "true": {}, "null": {}, "2001-01-01": {}, ".nan": {}, "[1]": {}, "{a: 1}": {},
	} {
		var n yaml.Node
		if err := yaml.Unmarshal([]byte(text), &n); err != nil {
			t.Fatal(err)
		}
		x, ok, err := Number(n.Content[0])
		message := ""
		if e, is := errors.AsType[*Error](err); is {
			message = e.Error()
		}
		if x != want.x || ok != want.ok || message != want.err {
			t.Errorf("%s: %v, %v, %v", text, x, ok, err)
		}
	}
}

// The hints repeat what was written, not what YAML made of it.
func TestHintsQuoteWhatWasWritten(t *testing.T) {
	for _, text := range []string{"0123", "1e3", "1.10", "True", "2001-01-01", "0x10", ".inf"} {
		want := `name: want a string, got ` + text + `; quote it: "` + text + `"`
		if text[0] == '2' {
			want = `name: want a string, got the date ` + text + `; quote it: "` + text + `"`
		}
		if err := Decode(tree(t, "name: "+text), defaults(), nil); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", text, err, want)
		}
	}
}
