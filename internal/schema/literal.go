package schema

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A literal is a scalar that YAML takes for a number, a bool or a date, with
// the text that it was written as: 007, 1e3 and 1.10 say more than their values.
type literal struct {
	Text  string
	Value any
}

// scalarOf returns the tree of a scalar node: nil, a string or a literal.
func scalarOf(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!str", "!!merge": // << where no key is
		return n.Value
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return n.Value
	}
	return literal{n.Value, v}
}

// valueOf returns what a scalar of a tree means, without its text.
func valueOf(v any) any {
	if l, ok := v.(literal); ok {
		return l.Value
	}
	return v
}

var (
	leadingZero = regexp.MustCompile(`^([-+]?)0_*(\d[\d_]*)(\D.*)?$`)
	nonzero     = regexp.MustCompile(`^[-+]?[0_.]*[1-9]`)
	octal       = regexp.MustCompile(`^[0-7_]*[1-7][0-7_]*$`)
)

// misread returns what is wrong with a number as written, although it can be
// read: YAML 1.1 takes digits after a leading zero for octal and 1.2 does not,
// and a number may be too small for a float64.
func misread(text string, x float64) (problem, hint string) {
	if m := leadingZero.FindStringSubmatch(text); m != nil {
		sign, digits, rest := m[1], strings.ReplaceAll(m[2], "_", ""), m[3]
		if digits = strings.TrimLeft(digits, "0"); digits == "" {
			digits = "0"
		}
		hint = "write " + sign + digits + rest
		if rest == "" && octal.MatchString(m[2]) {
			hint += ", or " + sign + "0o" + digits + " for octal"
		}
		return text + " has a leading zero", hint
	}
	if x == 0 && nonzero.MatchString(text) {
		return text + " is too small for a number, it would be 0", "the least is 5e-324"
	}
	return "", ""
}

// tooLarge says whether a text is a number beyond the largest float64.
func tooLarge(text string) bool {
	x, err := strconv.ParseFloat(text, 64)
	return err != nil && math.IsInf(x, 0)
}

// Number returns the number that a node holds; ok is false if it holds none.
// The error, an [*Error] without place, says why a number is refused.
func Number(n *yaml.Node) (x float64, ok bool, err error) {
	if n.Kind != yaml.ScalarNode {
		return 0, false, nil
	}
	l, isLiteral := scalarOf(n).(literal)
	if !isLiteral {
		return 0, false, nil
	}
	if !isNumber(l.Value) {
		return 0, false, nil
	}
	if x, ok = toFloat(l.Value); !ok { // NaN
		return 0, false, nil
	}
	if problem, hint := misread(l.Text, x); problem != "" {
		return 0, true, &Error{Problem: problem, Hint: hint}
	}
	return x, true, nil
}
