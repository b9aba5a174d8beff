package configs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Differences lists the settings in which two runs compute different things, each with both
// values: rule.optimizer.lr (0.1, was 0.2). What Hash leaves out does not count.
func Differences(now, was *Config) (keys []string, err error) {
	a, err := settings(now)
	if err != nil {
		return nil, err
	}
	b, err := settings(was)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(a)) {
		if value, there := b[key]; !there {
			keys = append(keys, fmt.Sprintf("%s (%s, was not there)", key, a[key]))
		} else if value != a[key] {
			keys = append(keys, fmt.Sprintf("%s (%s, was %s)", key, a[key], value))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(b)) {
		if _, there := a[key]; !there {
			keys = append(keys, fmt.Sprintf("%s (was %s)", key, b[key]))
		}
	}
	return keys, nil
}

// settings returns what a config computes, by path, as text. Lists of scalars are one
// setting.
func settings(c *Config) (map[string]string, error) {
	text, err := c.YAML(false)
	if err != nil {
		return nil, err
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	all := map[string]string{}
	flatten(root.Content[0], "", all)
	for key := range all {
		if strings.HasPrefix(key, "out.") || strings.HasPrefix(key, "checkpoint.") {
			delete(all, key)
		}
	}
	return all, nil
}

func flatten(n *yaml.Node, path string, into map[string]string) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if path != "" {
				key = path + "." + key
			}
			flatten(n.Content[i+1], key, into)
		}
	case yaml.SequenceNode:
		words := make([]string, len(n.Content))
		for i, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				flatten(item, fmt.Sprintf("%s[%d]", path, i), into)
				continue
			}
			words[i] = item.Value
		}
		if len(n.Content) == 0 || n.Content[0].Kind == yaml.ScalarNode {
			into[path] = "[" + strings.Join(words, ", ") + "]"
		}
	default:
		into[path] = n.Value
	}
}
