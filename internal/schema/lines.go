package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Lines returns the index of a YAML document: the line of the setting at a path
// such as rule.mask[0].p, from 1, or of the nearest mapping or list around it
// where the document has no such setting.
//
// What would be lost or misread further on is an error, as [Errors] without
// File: a document above 1 MiB, a second document, one that is no mapping, keys
// given twice (they ignore case), keys without a value, anchors, aliases, merge
// keys, and nesting or mappings beyond all use. An empty document is a mapping without keys.
func Lines(document []byte) (line func(path string) int, err error) {
	root, err := parse(document)
	if err != nil {
		return nil, err
	}
	s := scan{}
	switch {
	case root == nil:
		root = &yaml.Node{Kind: yaml.MappingNode}
	case root.Kind == yaml.MappingNode:
		s.node(root)
	default:
		s.fail(root, "a document of settings is a mapping, not "+kindOf(root))
	}
	if err := s.errs.err(); err != nil {
		return nil, err
	}
	return func(path string) int { return locate(root, strings.ToLower(path), 1) }, nil
}

// locate returns the line of the node at path below n, or of the last node on
// the way that exists; n itself is on the given line. It walks the document
// for each path, since a table of all paths may be far larger than the document.
func locate(n *yaml.Node, path string, line int) int {
	switch n.Kind {
	case yaml.MappingNode:
		path = strings.TrimPrefix(path, ".")
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			rest, ok := strings.CutPrefix(path, join("", strings.ToLower(key.Value)))
			if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				return locate(value, rest, key.Line)
			}
		}
	case yaml.SequenceNode:
		inside, _ := strings.CutPrefix(path, "[")
		index, rest, ok := strings.Cut(inside, "]")
		i, err := strconv.Atoi(index)
		if ok && err == nil && i >= 0 && i < len(n.Content) {
			return locate(n.Content[i], rest, n.Content[i].Line)
		}
	}
	return line
}

// parse returns the root of the only document, nil if it is empty.
func parse(document []byte) (*yaml.Node, error) {
	if len(document) > maxDocument {
		return nil, Errors{{Problem: fmt.Sprintf("the document has %d bytes, more than the %d allowed", len(document), maxDocument)}}
	}
	y := yaml.NewDecoder(bytes.NewReader(document))
	var doc, second yaml.Node
	if err := y.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, Errors{syntaxError(err)}
	}
	if err := y.Decode(&second); err == nil {
		return nil, Errors{{Line: second.Line, Problem: "a second document begins, and settings are one"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Errors{syntaxError(err)}
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, nil
	}
	root := doc.Content[0]
	if root.Tag == "!!null" && root.Value == "" { // only comments
		return nil, nil
	}
	return root, nil
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntaxError takes the line out of the library's message.
func syntaxError(err error) *Error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	e := &Error{}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	e.Problem = "not YAML: " + strings.ReplaceAll(text, "\n", " ")
	return e
}
