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

// Parse returns the root of a YAML document, nil if it is empty. It is the one
// reader of all documents: configs, benchmarks, price tables, overrides.
//
// What would be lost or misread further on is an error, as [Errors] without
// File: a document above 1 MiB, bytes that are no text, a second document, tags,
// anchors, aliases, merge keys, keys that are no words, and nesting or mappings
// beyond all use. The directive %YAML 1.x is read and means nothing.
func Parse(document []byte) (*yaml.Node, error) {
	root, err := parse(document)
	if root == nil || err != nil {
		return nil, err
	}
	s := scan{}
	s.node(root)
	return root, s.errs.err()
}

// parse returns the root of the only document, nil if it is empty.
func parse(document []byte) (*yaml.Node, error) {
	if len(document) > MaxDocument {
		return nil, Errors{{Problem: fmt.Sprintf("the document has %d bytes, more than the %d allowed", len(document), MaxDocument)}}
	}
	text, problem := toUTF8(document)
	if problem == nil {
		text, problem = withoutVersion(text)
	}
	if problem != nil {
		return nil, Errors{problem}
	}
	if n := valuesAtMost(text); n > maxValues {
		return nil, Errors{{Problem: fmt.Sprintf("the document may have %d values, more than the %d allowed", n, maxValues)}}
	}
	y := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := y.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, Errors{syntaxError(err, text)}
	}
	if err := y.Decode(&second); err == nil {
		return nil, Errors{{Line: second.Line, Problem: "a second document begins, and settings are one"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, Errors{syntaxError(err, text)}
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, nil
	}
	root := doc.Content[0]
	if root.Tag == "!!null" && root.Value == "" && root.Style == 0 { // only comments
		return nil, nil
	}
	return root, nil
}

// valuesAtMost bounds how many values a document can have, by the bytes without which there is no
// further one. The tree of a value takes some 600 bytes, and a value may be two of text.
func valuesAtMost(text []byte) (n int) {
	for i, c := range text {
		switch c {
		case ',', ':', '[', '{', '?', '\n', '\r':
			n++
		case '-': // of a list, where a blank or the end of a line follows
			if i+1 < len(text) && text[i+1] <= ' ' {
				n++
			}
		}
	}
	return n
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// syntaxError takes the line out of the library's message.
func syntaxError(err error, text []byte) *Error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	e := &Error{}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	e.Problem = "not YAML: " + strings.ReplaceAll(message, "\n", " ")
	e.Hint = syntaxHint(text)
	return e
}

// Tree returns the settings of a YAML document as a tree for [Decode], its keys
// in lower case. Scalars that are not strings keep the text that they were
// written as. It refuses what [Lines] refuses.
func Tree(document []byte) (map[string]any, error) {
	root, err := settings(document)
	if err != nil {
		return nil, err
	}
	return treeOf(root).(map[string]any), nil
}

// Section returns the settings of a mapping in a document that [Parse] has read, as Tree
// those of a document, and their places.
func Section(n *yaml.Node) (tree map[string]any, line func(path string) Place, err error) {
	s := scan{settings: true}
	if n.Kind == yaml.MappingNode {
		s.node(n)
	} else {
		s.fail(n, MappingHint(n), "want a mapping, got "+kindOf(n))
	}
	if err := s.errs.err(); err != nil {
		return nil, nil, err
	}
	return treeOf(n).(map[string]any), func(path string) Place { return locate(n, strings.ToLower(path), Place{Line: n.Line}) }, nil
}

// treeOf returns the tree of a node that [Parse] has let pass.
func treeOf(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[strings.ToLower(n.Content[i].Value)] = treeOf(n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, element := range n.Content {
			list[i] = treeOf(element)
		}
		return list
	}
	return scalarOf(n)
}
