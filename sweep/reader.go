package sweep

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// reader turns the nodes of a YAML document into values and keeps what is wrong
// with them: where, what is wanted, and what was probably meant. It serves
// documents that schema's tags cannot describe, with lists of mappings and
// mappings of free keys.
type reader struct {
	file     string
	problems schema.Errors
	nullable []string // paths of keys whose value may be null
}

// fail notes a problem of a node, which path names.
func (r *reader) fail(n *yaml.Node, path, hint, format string, args ...any) {
	r.problems = append(r.problems, &schema.Error{
		File: r.file, Line: n.Line, Path: path, Problem: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// err returns the problems, if there are any.
func (r *reader) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	return r.problems
}

// field is a key of a mapping and what its value goes into.
type field struct {
	key  string
	read func(n *yaml.Node, path string)
}

// document returns the root of the only document in text.
func (r *reader) document(text []byte) (*yaml.Node, error) {
	root, err := schema.Parse(text)
	if problems, ok := errors.AsType[schema.Errors](err); ok {
		for _, p := range problems {
			p.File = r.file
		}
	}
	if err == nil && root == nil {
		err = fmt.Errorf("%s: is empty", r.file)
	}
	return root, err
}

// pairs returns the keys and values of a mapping. Keys ignore case; one that is
// given twice and a value that is not there are problems.
func (r *reader) pairs(n *yaml.Node, path string) (keys, values []*yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, path, schema.MappingHint(n), "want a mapping, got %s", kindOf(n))
		return nil, nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := below(path, key.Value)
		switch lower := strings.ToLower(key.Value); {
		case seen[lower]:
			r.fail(key, at, "", "given twice (keys ignore case)")
		case value.ShortTag() == "!!null" && !slices.Contains(r.nullable, strings.ToLower(at)):
			r.fail(value, at, "", "has no value")
		default:
			seen[lower] = true
			keys, values = append(keys, key), append(values, value)
		}
	}
	return keys, values
}

// mapping reads the fields that a mapping gives; a key that none has is a problem.
func (r *reader) mapping(n *yaml.Node, path string, fields []field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.key
	}
	keys, values := r.pairs(n, path)
	for i, key := range keys {
		at := slices.Index(names, strings.ToLower(key.Value))
		if at < 0 {
			r.fail(key, below(path, key.Value), schema.DidYouMean(strings.ToLower(key.Value), names),
				"unknown key (keys: %s)", strings.Join(names, ", "))
			continue
		}
		fields[at].read(values[i], below(path, names[at]))
	}
}

// elements returns the elements of a list; a single value stands for a list of one.
func (r *reader) elements(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{n}
}

// want notes that a node is of the wrong kind.
func (r *reader) want(n *yaml.Node, path, what string) {
	r.fail(n, path, "", "want %s, got %s", what, kindOf(n))
}

// kindOf names a node in a message.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return strconv.Quote(n.Value)
}

// below returns the path of a key under path.
func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// element returns the path of element i of the list at path.
func element(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
