package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// CommandLine is the File of settings that were given as overrides.
const CommandLine = "command line"

const assignmentHint = "overrides look like rule.mask[0].p=0.1"

// Set applies the assignment path=value to tree, which it changes only if it
// succeeds. The value is YAML on one line, without a comment; keys become lower
// case. Whether the key exists and the value fits is left to Decode.
//
// A setting that is a string takes the value as the text that it is, with # and
// all: only a value in quotes, brackets or braces is YAML.
//
// A mapping changes the settings that it names and no others; see [Merge]. One that
// names none is refused, as it is in a document.
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
	if strings.TrimSpace(text) == "" {
		return refuse(pathOf("", steps), `is assigned nothing, write "" for an empty string`)
	}
	changed, err := setKey(tree, reflect.Indirect(reflect.ValueOf(defaults)), steps, "", text)
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

// parseValue reads the right side of the assignment to path as YAML.
func parseValue(text, path string) (any, error) {
	root, err := parse([]byte(text))
	if err != nil {
		e := err.(Errors)[0]
		return nil, refuse(path, "the value %s is %s", quote(text), e.Problem)
	}
	if root == nil {
		return nil, refuse(path, "has no value")
	}
	if commented(root) {
		return nil, refuse(path, "the value %s has a comment, quote it", quote(text))
	}
	if root.Kind != yaml.ScalarNode && root.Style&yaml.FlowStyle == 0 {
		return nil, refuse(path, "the value %s needs quotes, or braces or brackets around it", quote(text))
	}
	if root.Kind == yaml.MappingNode && len(root.Content) == 0 {
		return nil, refuse(path, "has no value, an empty mapping says nothing")
	}
	s := scan{settings: true}
	s.node(root)
	for _, e := range s.errs {
		e.File, e.Line, e.Path = CommandLine, 0, below(path, e.Path)
	}
	if err := s.errs.err(); err != nil {
		return nil, err
	}
	return treeOf(root), nil
}

// commented says whether a comment stands at a node or below it.
func commented(n *yaml.Node) bool {
	return n.HeadComment+n.LineComment+n.FootComment != "" || slices.ContainsFunc(n.Content, commented)
}

// set returns node with the value, the text of an assignment, at the end of
// steps. def is what the defaults hold there, invalid where that is not known;
// path names node in messages.
func set(node any, def reflect.Value, steps []step, path, text string) (any, error) {
	switch {
	case len(steps) > 0 && steps[0].list:
		return setItem(node, def, steps, path, text)
	case len(steps) > 0:
		return setKey(node, def, steps, path, text)
	case isText(def) && !strings.ContainsAny(strings.TrimSpace(text)[:1], `"'[{`):
		return plainText(text, path)
	}
	value, err := parseValue(text, path)
	if err != nil {
		return nil, err
	}
	merged, err := merge(node, def, path, value)
	if e, ok := err.(*Error); ok {
		e.File = CommandLine
	}
	return merged, err
}

// isText says whether a setting is a string, or a list of strings, for which one stands.
func isText(def reflect.Value) bool {
	if !def.IsValid() {
		return false
	}
	t := def.Type()
	return t.Kind() == reflect.String || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String
}

// plainText returns the value of a string as it stands on the command line. A
// word that YAML takes for no value at all was hardly meant as text.
func plainText(text, path string) (any, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "~", "null":
		return nil, &Error{File: CommandLine, Path: path, Problem: "has no value", Hint: `write "" for an empty string, or quote the text: '"` + strings.TrimSpace(text) + `"'`}
	}
	if strings.TrimSpace(text) != text {
		return nil, refuse(path, "the value %s begins or ends with a blank, leave it out or quote it", quote(text))
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return nil, refuse(path, "the value %s holds what is no text of one line", quote(text))
	}
	return text, nil
}

// setKey is set for a first step into a mapping.
func setKey(node any, def reflect.Value, steps []step, path, text string) (any, error) {
	if list, ok := asList(node); ok {
		return nil, isList(list, path, steps)
	}
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
	child, err := set(m[key], fieldAt(def, u, m, key), steps[1:], steps[0].under(path), text)
	if err != nil {
		return nil, err
	}
	if u != nil && key == u.key && m[key] != nil && !reflect.DeepEqual(m[key], child) {
		clear(m)
	}
	m[key] = child
	return m, nil
}

// isList is the error of a step into a list that is no index of it.
func isList(list []any, path string, steps []step) error {
	e := &Error{File: CommandLine, Path: path, Problem: fmt.Sprintf("is a list, and %q is the key of a mapping", steps[0].key)}
	index, rest := 0, steps
	if _, err := fmt.Sscanf(steps[0].key, "%d", &index); err == nil {
		rest = steps[1:]
	}
	if index >= 0 && index < max(len(list), 1) {
		e.Hint = "an element is " + pathOf(item(path, index), rest)
	}
	return e
}

// setItem is set for a first step into a list.
func setItem(node any, def reflect.Value, steps []step, path, text string) (any, error) {
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
	child, err := set(list[i], elementAt(def, i), steps[1:], item(path, i), text)
	if err != nil {
		return nil, err
	}
	list[i] = child
	return list, nil
}
