package schema

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// Overridden locates the settings that the assignments set, all below them, and
// those on the way to them, at [CommandLine], and others by file, which may be nil.
func Overridden(assignments []string, file Locator) Locator {
	var set []string
	for _, a := range assignments {
		path, text, _ := strings.Cut(a, "=")
		path = strings.ToLower(strings.TrimSpace(path))
		if root, err := parse([]byte(text)); err == nil && root != nil && root.Kind == yaml.MappingNode {
			set = leaves(root, path, set)
		} else {
			set = append(set, path)
		}
	}
	return func(path string) (string, int) {
		for _, s := range set {
			if within(path, s) || path != "" && within(s, path) {
				return CommandLine, 0
			}
		}
		if file == nil {
			return "", 0
		}
		return file(path)
	}
}

// leaves appends the paths that a mapping at path sets: it leaves others as they are.
func leaves(n *yaml.Node, path string, to []string) []string {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		return append(to, path)
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		to = leaves(n.Content[i+1], join(path, strings.ToLower(n.Content[i].Value)), to)
	}
	return to
}

// within says whether path is the setting s or one below it.
func within(path, s string) bool {
	rest, ok := strings.CutPrefix(path, s)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Layered locates a setting in the document that was read last and has it, or
// has the most of the way to it; documents come in the order in which they were read.
func Layered(files []string, lines []func(path string) Place) Locator {
	return func(path string) (string, int) {
		best, at := -1, Place{Depth: -1}
		for i, line := range lines {
			if p := line(path); p.Given || p.Depth >= at.Depth && !at.Given {
				best, at = i, p
			}
		}
		if best < 0 {
			return "", 0
		}
		return files[best], at.Line
	}
}
