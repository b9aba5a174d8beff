package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// CommandLine is the File of settings that were given as overrides.
const CommandLine = "command line"

const assignmentHint = "overrides look like rule.mask[0].p=0.1"

// Set applies the assignment path=value to tree, which it changes only if it
// succeeds. The value is YAML on one line; keys become lower case. Whether the
// key exists and the value fits is left to Decode.
//
// defaults is the struct, or a pointer to it, into which the tree will be
// decoded. It tells where a bare word stands for a kind, so that model.init.std
// can be set after model.init=normal, and what a list holds of which one
// element is set: the others stay. A list without defaults starts empty.
//
// Where the discriminator of a mapping changes from one kind to another, the
// parameters of the old kind are dropped; so name the kind first.
//
// The error is an [*Error] or [Errors] with File [CommandLine].
func Set(tree map[string]any, defaults any, assignment string) error {
	path, text, found := strings.Cut(assignment, "=")
	if !found {
		return malformed(assignment, `has no "="`)
	}
	path = strings.TrimSpace(path)
	steps, problem := parsePath(path)
	if problem != "" {
		return malformed(assignment, problem)
	}
	value, err := parseValue(text, steps)
	if err != nil {
		return err
	}
	def := reflect.Indirect(reflect.ValueOf(defaults))
	changed, err := setKey(tree, def, steps, "", value)
	if err != nil {
		return err
	}
	clear(tree)
	maps.Copy(tree, changed.(map[string]any))
	return nil
}

func malformed(assignment, problem string) error {
	return &Error{File: CommandLine, Problem: "override " + quote(assignment) + " " + problem, Hint: assignmentHint}
}

// refuse returns the problem with an override at path.
func refuse(path, format string, args ...any) error {
	return &Error{File: CommandLine, Path: path, Problem: fmt.Sprintf(format, args...)}
}

// parseValue reads the right side of an assignment.
func parseValue(text string, steps []step) (*yaml.Node, error) {
	path := ""
	for _, s := range steps {
		path = s.under(path)
	}
	if strings.TrimSpace(text) == "" {
		return nil, refuse(path, `is assigned nothing, write "" for an empty string`)
	}
	root, err := parse([]byte(text))
	if err != nil {
		e := err.(Errors)[0]
		return nil, refuse(path, "the value %s is %s", quote(text), e.Problem)
	}
	if root == nil {
		return nil, refuse(path, "has no value")
	}
	if root.Kind != yaml.ScalarNode && root.Style&yaml.FlowStyle == 0 {
		return nil, refuse(path, "the value %s needs quotes, or braces or brackets around it", quote(text))
	}
	s := scan{at: steps}
	s.node(root)
	for _, e := range s.errs {
		e.File, e.Line = CommandLine, 0
	}
	return root, s.errs.err()
}

// set returns node with value at the end of steps. def is what the defaults
// hold there, invalid where that is not known; path names node in messages.
func set(node any, def reflect.Value, steps []step, path string, value *yaml.Node) (any, error) {
	switch {
	case len(steps) == 0:
		return plain(value, def, path)
	case steps[0].list:
		return setItem(node, def, steps, path, value)
	}
	return setKey(node, def, steps, path, value)
}

// plain returns the value as a tree. For a string, what YAML takes for a number
// or a date stays the text it is.
func plain(value *yaml.Node, def reflect.Value, path string) (any, error) {
	if def.IsValid() && def.Kind() == reflect.String && value.Kind == yaml.ScalarNode {
		return value.Value, nil
	}
	var v any
	if err := value.Decode(&v); err != nil {
		return nil, refuse(path, "%s", syntaxError(err).Problem)
	}
	return lower(v), nil
}

// setKey is set for a first step into a mapping.
func setKey(node any, def reflect.Value, steps []step, path string, value *yaml.Node) (any, error) {
	def = only(def)
	u := unionAt(def)
	if word, ok := node.(string); ok && u != nil {
		node = map[string]any{u.key: word}
	}
	if node == nil {
		node = map[string]any{}
	}
	m, _, ok := asMapping(node)
	if !ok {
		return nil, refuse(path, "is %s, and %q is the key of a mapping", show(node), steps[0].key)
	}
	key := steps[0].key
	child, err := set(m[key], fieldAt(def, u, m, key), steps[1:], steps[0].under(path), value)
	if err != nil {
		return nil, err
	}
	if u != nil && key == u.key && m[key] != nil && !reflect.DeepEqual(m[key], child) {
		clear(m)
	}
	m[key] = child
	return m, nil
}

// setItem is set for a first step into a list.
func setItem(node any, def reflect.Value, steps []step, path string, value *yaml.Node) (any, error) {
	isSlice := def.IsValid() && def.Kind() == reflect.Slice
	list, ok := asList(node)
	switch {
	case ok:
		list = slices.Clone(list)
	case node == nil && isSlice:
		list = seed(def)
	case node == nil:
	case isSlice: // one value stands for a list of one
		list = []any{node}
	default:
		return nil, refuse(path, "is %s, not a list", show(node))
	}
	i := steps[0].index
	if i > len(list) {
		return nil, refuse(item(path, i), "the list has %s, so the next index is %d", plural(len(list), "element"), len(list))
	}
	if i == len(list) {
		list = append(list, nil)
	}
	child, err := set(list[i], elementAt(def, i), steps[1:], item(path, i), value)
	if err != nil {
		return nil, err
	}
	list[i] = child
	return list, nil
}
