package sweep

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The functions here read settings: override paths and what they are set to.

// settings reads a mapping of override paths to values.
func (d *document) settings(into *[]Setting) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		keys, values := d.paths(n, path)
		for i, key := range keys {
			if s, ok := d.setting(key, values[i], path); ok {
				*into = append(*into, s)
			}
		}
	}
}

// paths returns the keys of a mapping that are override paths, and the values.
// One path under two names is a problem.
func (d *document) paths(n *yaml.Node, path string) (keys, values []*yaml.Node) {
	seen := map[string]string{}
	all, given := d.pairs(n, path)
	for i, key := range all {
		name := longPath(key.Value)
		if before, ok := seen[name]; ok {
			d.fail(key, below(path, key.Value), "", "given twice, also as %s", before)
			continue
		}
		seen[name] = key.Value
		keys, values = append(keys, key), append(values, given[i])
	}
	return keys, values
}

// setting reads the override that gives the path in key a value.
func (d *document) setting(key, value *yaml.Node, path string) (Setting, bool) {
	name := longPath(key.Value)
	if refused := refuse(name, reservedAlways); refused != nil {
		d.fail(key, below(path, key.Value), refused.Hint, "%s", refused.Problem)
		return Setting{}, false
	}
	text, err := flow(value)
	if err != nil {
		d.fail(value, below(path, key.Value), "", "cannot be a setting: %v", err)
		return Setting{}, false
	}
	return Setting{name, text, d.file, key.Line}, true
}

// grid reads a mapping of override paths to lists of values.
func (d *document) grid(n *yaml.Node, path string) {
	keys, values := d.paths(n, path)
	for i, key := range keys {
		switch at := below(path, key.Value); {
		case values[i].Kind != yaml.SequenceNode:
			d.want(values[i], at, "a list of values")
		case len(values[i].Content) == 0:
			d.fail(values[i], at, "", "want a list of at least one value")
		default:
			d.bench.Grid = append(d.bench.Grid, d.axis(key, values[i], path))
		}
	}
}

// axis reads the values of a grid's setting. Two that are equal would be one
// row of twice the runs.
func (d *document) axis(key, values *yaml.Node, path string) Axis {
	axis := Axis{Path: longPath(key.Value), Key: key.Value}
	for i, value := range values.Content {
		s, ok := d.setting(key, value, path)
		if !ok {
			continue
		}
		if slices.ContainsFunc(axis.Values, func(v Setting) bool { return v.Value == s.Value }) {
			d.fail(value, element(below(path, key.Value), i), "", "%s is given twice", s.Value)
		}
		axis.Values = append(axis.Values, s)
	}
	return axis
}

// longPath spells out the one path that has a short form.
func longPath(path string) string {
	if path = strings.ToLower(strings.TrimSpace(path)); path == "lr" {
		return "rule.optimizer.lr"
	}
	return path
}
