package schema

import (
	"fmt"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// A scan walks a document and notes what is wrong with it. Where it is, it
// keeps as steps: paths of all nodes may be far larger than the document.
type scan struct {
	settings bool // keys are given once and have values
	at       []step
	errs     Errors
}

func (s *scan) fail(n *yaml.Node, hint, problem string) {
	if len(s.errs) == maxProblems {
		return
	}
	s.errs = append(s.errs, &Error{Line: n.Line, Path: pathOf("", s.at), Problem: problem, Hint: hint})
}

// below walks the node that a step leads to.
func (s *scan) below(to step, n *yaml.Node) {
	s.at = append(s.at, to)
	s.node(n)
	s.at = s.at[:len(s.at)-1]
}

// node walks the node at s.at.
func (s *scan) node(n *yaml.Node) {
	switch {
	case len(s.errs) == maxProblems:
	case len(s.at) > maxDepth:
		s.fail(n, "", fmt.Sprintf("is nested more than %d levels deep", maxDepth))
	case n.Kind == yaml.AliasNode:
		s.fail(n, "", "is an alias, write the value itself")
	case n.Anchor != "":
		s.fail(n, "", "has an anchor, which settings cannot refer to")
	case n.Style&yaml.TaggedStyle != 0:
		s.fail(n, tagHint(n), "has the tag "+n.ShortTag()+", and settings have none")
	case n.Kind == yaml.SequenceNode:
		for i, element := range n.Content {
			s.below(step{list: true, index: i}, element)
		}
	case n.Kind == yaml.MappingNode && len(n.Content) == 0 && len(s.at) > 0 && s.settings:
		s.fail(n, "", "has no value, an empty mapping says nothing")
	case n.Kind == yaml.MappingNode:
		s.mapping(n)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && n.Value == "":
		s.fail(n, `write "" for an empty string`, "has no value, a block of text is empty")
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && s.settings:
		s.fail(n, nullHint(n), "has no value")
	}
}

// mapping walks the keys of a mapping and their values.
func (s *scan) mapping(n *yaml.Node) {
	if len(n.Content)/2 > maxKeys {
		s.fail(n, "", fmt.Sprintf("has %d keys, more than the %d allowed", len(n.Content)/2, maxKeys))
		return
	}
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case key.Kind != yaml.ScalarNode:
			s.fail(key, "", "has a key that is "+kindOf(key))
			continue
		case strings.ContainsFunc(key.Value, unicode.IsControl):
			s.fail(key, "", fmt.Sprintf("has a key %q, with a control character", key.Value))
			continue
		case key.Anchor != "":
			s.fail(key, "", "has a key with an anchor, which settings cannot refer to")
			continue
		case key.Style&yaml.TaggedStyle != 0:
			s.fail(key, "", "has a key with the tag "+key.ShortTag()+", and settings have none")
			continue
		case key.ShortTag() == "!!merge":
			s.fail(key, "", "has a merge key, write the keys themselves")
			continue
		}
		name := strings.ToLower(key.Value)
		if before := first[name]; before != nil && s.settings {
			s.twice(name, before, key)
			continue
		}
		first[name] = key
		s.below(step{key: name}, value)
	}
}

// twice notes a key that a mapping has before.
func (s *scan) twice(name string, before, key *yaml.Node) {
	s.at = append(s.at, step{key: name})
	s.fail(key, "", fmt.Sprintf("given twice, first on line %d", before.Line))
	s.at = s.at[:len(s.at)-1]
}

// tagHint is what to do about a tag.
func tagHint(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		return fmt.Sprintf("quote a string: %q", n.Value)
	}
	return ""
}

// nullHint is what to do about a word that means nothing: it may have been meant as text.
func nullHint(n *yaml.Node) string {
	if n.Value == "" {
		return ""
	}
	return fmt.Sprintf("quote it where it is text: %q", n.Value)
}

// kindOf names a node's sort in a message.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	return "a single value"
}
