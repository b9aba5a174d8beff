package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
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
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	if err := decoder.Decode(&first); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: is empty", r.file)
	} else if err != nil {
		return nil, r.notYAML(err)
	}
	if err := decoder.Decode(&second); err == nil {
		r.fail(&second, "", "", "a second document begins, and a benchmark is one")
		return nil, r.err()
	} else if !errors.Is(err, io.EOF) {
		return nil, r.notYAML(err)
	}
	return first.Content[0], nil
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// notYAML takes the line out of the library's message.
func (r *reader) notYAML(err error) error {
	text, at := err.Error(), &yaml.Node{}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	r.fail(at, "", "", "not YAML: %s", strings.TrimPrefix(text, "yaml: "))
	return r.err()
}

// pairs returns the keys and values of a mapping. Keys ignore case; one that is
// given twice and a value that is not there are problems.
func (r *reader) pairs(n *yaml.Node, path string) (keys, values []*yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.want(n, path, "a mapping")
		return nil, nil
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := below(path, key.Value)
		switch lower := strings.ToLower(key.Value); {
		case key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge":
			r.fail(key, path, "", "has a key that is not a word")
		case seen[lower]:
			r.fail(key, at, "", "given twice (keys ignore case)")
		case value.Kind == yaml.AliasNode:
			r.fail(value, at, "", "is an alias, write the value itself")
		case value.ShortTag() == "!!null":
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
	got := map[yaml.Kind]string{
		yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.AliasNode: "an alias",
	}[n.Kind]
	if n.Kind == yaml.ScalarNode {
		got = strconv.Quote(n.Value)
	}
	r.fail(n, path, "", "want %s, got %s", what, got)
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
