package documents

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
	"ergon/theory"
)

// command returns the call that computes a theory alone: its name, and the settings that
// are not its defaults.
func command(name string, made theory.Theory) string {
	fresh, _ := theory.Theories.New(name)
	defaults := map[string]string{}
	for _, s := range schema.Settings(fresh) {
		defaults[s.Path] = s.Default
	}
	words := []string{"ergon theory", name}
	var sections []string // that hold kinds, whose settings are not told by the defaults of kinds
	for _, s := range schema.Settings(made) {
		if len(s.Kinds) > 0 {
			if key := theory.KeyOf(s.Path); len(sections) == 0 || sections[len(sections)-1] != key {
				sections = append(sections, key)
			}
		} else if s.Default != defaults[s.Path] {
			words = append(words, quoted(s.Path+"="+s.Default))
		}
	}
	for _, key := range sections {
		words = append(words, section(name, key, made)...)
	}
	return strings.Join(words, " ")
}

// section returns the settings of a section that are not its defaults, which it has once it is given; none
// if it was not given.
func section(name, key string, made theory.Theory) (words []string) {
	fresh, _ := theory.Theories.New(name)
	without := parts(fresh, key)
	if informed, ok := fresh.(theory.Informed); ok {
		informed.Given([]string{key})
	}
	defaults, own := parts(fresh, key), parts(made, key)
	var first string
	for _, p := range own {
		switch {
		case p.value == find(without, p.key) || p.value == "[]" && find(without, p.key) == "":
		case p.value != find(defaults, p.key):
			words = append(words, quoted(key+"."+p.key+"="+p.value))
		case first == "":
			first = quoted(key + "." + p.key + "=" + p.value)
		}
	}
	if len(words) == 0 && first != "" { // it was given, and says what its defaults say
		words = []string{first}
	}
	return words
}

// part is a setting of a section, or all that lies below it, as YAML on one line.
type part struct{ key, value string }

// find returns the value of a key; "" if it is not there.
func find(all []part, key string) string {
	for _, p := range all {
		if p.key == key {
			return p.value
		}
	}
	return ""
}

// parts returns the settings of a section of a theory.
func parts(t theory.Theory, key string) (all []part) {
	text, err := schema.Encode(t, false)
	if err != nil {
		return nil
	}
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil
	}
	settings := root.Content[0]
	for i := 0; i+1 < len(settings.Content); i += 2 {
		if settings.Content[i].Value != key || settings.Content[i+1].Kind != yaml.MappingNode {
			continue
		}
		below := settings.Content[i+1].Content
		for k := 0; k+1 < len(below); k += 2 {
			all = append(all, part{below[k].Value, oneLine(below[k+1])})
		}
	}
	return all
}

// oneLine returns a node as YAML on one line.
func oneLine(n *yaml.Node) string {
	flow(n)
	text, err := yaml.Marshal(n)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// flow sets a node and all below it in flow style.
func flow(n *yaml.Node) {
	n.Style |= yaml.FlowStyle
	for _, child := range n.Content {
		flow(child)
	}
}

// quoted returns a word as a shell takes it.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t\n\"'\\$`*?[](){}<>|&;#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
