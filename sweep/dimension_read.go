package sweep

import (
	"reflect"

	"go.yaml.in/yaml/v3"
)

// search reads a mapping of override paths to what is searched: [from, to], or
// {any: [values]}.
func (d *document) search(into *[]Dimension) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		keys, values := d.paths(n, path)
		for i, key := range keys {
			if s, ok := d.setting(key, values[i], path); ok {
				dimension := Dimension{Path: s.Path, File: s.File, Line: s.Line}
				d.dimension(&dimension, values[i], below(path, key.Value))
				*into = append(*into, dimension)
			}
		}
	}
}

// dimension reads what is searched. A range both of whose ends are written as
// whole numbers, [1, 5], is one of whole numbers; [1.0, 5] is one of reals.
func (d *document) dimension(into *Dimension, n *yaml.Node, path string) {
	if n.Kind == yaml.MappingNode {
		d.choices(into, n, path)
		return
	}
	ends := d.elements(n)
	if len(ends) != 2 {
		d.want(n, path, "[from, to], between which to draw log-uniformly, or {any: [values]}")
		return
	}
	d.number(&into.From, positive, isPositive)(ends[0], element(path, 0))
	d.number(&into.To, positive, isPositive)(ends[1], element(path, 1))
	into.Whole = ends[0].ShortTag() == "!!int" && ends[1].ShortTag() == "!!int"
	if into.To < into.From {
		d.fail(n, path, "", "from %g to %g: want the smaller one first", into.From, into.To)
	}
}

// sameValue says whether two values of a setting, as YAML on one line, are one.
func sameValue(x, y string) bool {
	var a, b any
	if yaml.Unmarshal([]byte(x), &a) != nil || yaml.Unmarshal([]byte(y), &b) != nil {
		return x == y
	}
	return reflect.DeepEqual(number(a), number(b))
}

// number makes a float64 of a whole number: 1 is 1.0.
func number(x any) any {
	if n, ok := x.(int); ok {
		return float64(n)
	}
	return x
}

// choices reads {any: [values]}.
func (d *document) choices(into *Dimension, n *yaml.Node, path string) {
	before := len(d.problems)
	d.mapping(n, path, []field{{"any", func(n *yaml.Node, path string) {
		for i, item := range d.elements(n) {
			text, err := flow(item)
			if err != nil {
				d.fail(item, element(path, i), "", "cannot be a setting: %v", err)
			}
			for _, before := range into.Values {
				if sameValue(before, text) {
					d.fail(item, element(path, i), "it would be drawn more often than the others", "%s and %s are the same value", before, text)
				}
			}
			into.Values = append(into.Values, text)
		}
	}}})
	if len(into.Values) == 0 && len(d.problems) == before {
		d.fail(n, path, "", "want at least one value, as in {any: [1, 2]}")
	}
}
