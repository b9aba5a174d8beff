package sweep

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// flow writes a value as YAML on one line, as an override has it.
func flow(value *yaml.Node) (string, error) {
	text, err := yaml.Marshal(flowing(value))
	return strings.TrimSuffix(string(text), "\n"), err
}

// flowing copies a node without comments and line breaks.
func flowing(n *yaml.Node) *yaml.Node {
	c := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style, Alias: n.Alias, Anchor: n.Anchor}
	switch {
	case n.Kind != yaml.ScalarNode:
		c.Style = yaml.FlowStyle
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || strings.Contains(n.Value, "\n"):
		c.Style = yaml.DoubleQuotedStyle
	}
	for _, child := range n.Content {
		c.Content = append(c.Content, flowing(child))
	}
	return c
}
