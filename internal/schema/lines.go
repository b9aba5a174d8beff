package schema

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Lines returns the index of a YAML document: the line of the setting at a path
// such as rule.mask[0].p, from 1, or of the nearest mapping or list around it
// where the document has no such setting; depth is how many steps of the path
// the document has, and given whether it has them all.
//
// On top of what [Parse] refuses, settings are a mapping, a key is given once
// (keys ignore case) and has a value, and no mapping is empty. An empty document is a
// mapping without keys.
func Lines(document []byte) (line func(path string) Place, err error) {
	root, err := settings(document)
	if err != nil {
		return nil, err
	}
	return func(path string) Place { return locate(root, strings.ToLower(path), Place{Line: 1}) }, nil
}

// A Place is where a document has a setting.
type Place struct {
	Line  int  // from 1
	Depth int  // how many steps of the path the document has
	Given bool // it has them all
}

// settings returns the root of a document of settings.
func settings(document []byte) (*yaml.Node, error) {
	root, err := parse(document)
	if err != nil {
		return nil, err
	}
	s := scan{settings: true}
	switch {
	case root == nil:
		root = &yaml.Node{Kind: yaml.MappingNode}
	case root.Kind == yaml.MappingNode:
		s.node(root)
	default:
		s.fail(root, MappingHint(root), "a document of settings is a mapping, not "+kindOf(root))
	}
	return root, s.errs.err()
}

// locate returns the place of the node at path below n, or of the last node on
// the way that exists; n itself is at the given place. It walks the document
// for each path, since a table of all paths may be far larger than the document.
func locate(n *yaml.Node, path string, at Place) Place {
	if path == "" {
		at.Given = true
		return at
	}
	switch n.Kind {
	case yaml.MappingNode:
		path = strings.TrimPrefix(path, ".")
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			rest, ok := strings.CutPrefix(path, join("", strings.ToLower(key.Value)))
			if ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				return locate(value, rest, Place{Line: key.Line, Depth: at.Depth + 1})
			}
		}
	case yaml.SequenceNode:
		inside, _ := strings.CutPrefix(path, "[")
		index, rest, ok := strings.Cut(inside, "]")
		i, err := strconv.Atoi(index)
		if ok && err == nil && i >= 0 && i < len(n.Content) {
			return locate(n.Content[i], rest, Place{Line: n.Content[i].Line, Depth: at.Depth + 1})
		}
	}
	return at
}
