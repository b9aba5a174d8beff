package schema

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// A namedNumber is a number that a setting may be given by name.
type namedNumber struct {
	name   string
	number float64
	text   string // of the number, as the tag has it
}

// numberNames are the names that a field's numbers have.
type numberNames []namedNumber

// replace returns the number for which a tree is the name, or else the tree.
func (n numberNames) replace(tree any) any {
	if text, ok := tree.(string); ok {
		for _, each := range n {
			if strings.EqualFold(each.name, text) {
				return each.number
			}
		}
	}
	return tree
}

// hint returns what name was perhaps meant, or which there are; "" if there are none.
func (n numberNames) hint(text string) string {
	if len(n) == 0 {
		return ""
	}
	var names []string
	for _, each := range n {
		names = append(names, each.name)
	}
	if hint := DidYouMean(text, names); hint != "" {
		return hint
	}
	return "or one of " + strings.Join(names, ", ")
}

// String lists the names with their numbers; "" if there are none.
func (n numberNames) String() string {
	var list []string
	for _, each := range n {
		list = append(list, each.name+" is "+each.text)
	}
	return strings.Join(list, ", ")
}

// numberName is how a name of a number is written: a word that is none to YAML.
var numberName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// readNames reads the tag names.
func (f *field) readNames(tag reflect.StructTag, scalar reflect.Type) {
	text, ok := tag.Lookup("names")
	if !ok {
		return
	}
	if scalar.Kind() != reflect.Float64 {
		panic(panicNames)
	}
	for pair := range strings.SplitSeq(text, ",") {
		name, number, found := strings.Cut(pair, "=")
		x, err := strconv.ParseFloat(number, 64)
		if _, infinite := infinity(name); infinite || !found || !numberName.MatchString(name) || err != nil || !f.in.contains(x) {
			panic(panicNames)
		}
		f.names = append(f.names, namedNumber{name, x, number})
	}
}
