package schema

import (
	"math"
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// scalarNode returns the node of a bool, number or string.
func scalarNode(v reflect.Value, f *field) *yaml.Node {
	if v.Kind() == reflect.String {
		return stringNode(v.String(), f)
	}
	node := &yaml.Node{}
	if err := node.Encode(v.Interface()); err != nil {
		panic(err) // the library encodes every bool and number
	}
	if v.Kind() == reflect.Float64 && v.Float() == 0 && math.Signbit(v.Float()) {
		node.Tag, node.Value = "!!float", "-0.0" // the library's -0 would be read as the integer 0
	}
	return node
}

// stringNode returns the node of a string, on one line so that no comment is
// taken into the text.
func stringNode(s string, f *field) *yaml.Node {
	node := &yaml.Node{}
	if f.oneof != nil && (s == "true" || s == "false") {
		// Unquoted is how one writes it, and Decode takes the text of a bool.
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: s}
	}
	odd := strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
	if odd || !utf8.ValidString(s) || node.Encode(s) != nil {
		node.SetString(s)
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

var (
	wholeMantissa = regexp.MustCompile(`^([-+]?\d+)(e.*)$`)
	// looksOdd are words that YAML 1.1 takes for numbers, dates and what begins
	// with =, and the library writes without quotes.
	looksOdd = regexp.MustCompile(`^([-+]?\.?\d.*|=)$`)
)

// portable makes a scalar one that YAML 1.1 and 1.2 read alike: 1e-05 is a string to
// 1.1 and 1.0e-05 a number to both; 0o10 and 1:30 are strings to one and numbers to the other.
func portable(n *yaml.Node) {
	switch n.ShortTag() {
	case "!!float":
		n.Value = wholeMantissa.ReplaceAllString(n.Value, "$1.0$2")
	case "!!str":
		if n.Style == 0 && looksOdd.MatchString(n.Value) {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
}
