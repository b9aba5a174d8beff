package energy

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// reader reads YAML in which null means unknown, which settings do not allow,
// and collects what is wrong with it.
type reader struct {
	file string
	errs schema.Errors
}

// entries are what a mapping may hold: for each key, what reads its value.
type entries map[string]func(n *yaml.Node, path string)

// document returns the root of a text that holds one document.
func (r *reader) document(text []byte) (*yaml.Node, error) {
	root, err := schema.Parse(text)
	if problems, ok := errors.AsType[schema.Errors](err); ok {
		for _, p := range problems {
			p.File = r.file
		}
		return nil, problems
	}
	if root == nil {
		return nil, schema.Errors{{File: r.file, Problem: "is empty, want a price table"}}
	}
	return root, nil
}

// maxProblems bounds how many problems are listed.
const maxProblems = 20

func (r *reader) fail(n *yaml.Node, path, format string, args ...any) {
	r.failWith(n, path, "", format, args...)
}

// failWith notes a problem and what to do about it.
func (r *reader) failWith(n *yaml.Node, path, hint, format string, args ...any) {
	if len(r.errs) < maxProblems {
		r.errs = append(r.errs, &schema.Error{File: r.file, Line: n.Line, Path: path, Problem: fmt.Sprintf(format, args...), Hint: hint})
	}
}

// mapping reads the entries of a mapping in its order.
func (r *reader) mapping(n *yaml.Node, path string, all entries) {
	keys := slices.Sorted(maps.Keys(all))
	if n.Kind != yaml.MappingNode {
		r.failWith(n, path, schema.MappingHint(n), "want a mapping (keys: %s)", strings.Join(keys, ", "))
		return
	}
	seen := map[string]int{} // line of each key
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, at := n.Content[i], n.Content[i].Value
		if path != "" {
			at = path + "." + at
		}
		switch read, line := all[key.Value], seen[key.Value]; {
		case read == nil:
			r.fail(key, at, "unknown key (keys: %s)%s", strings.Join(keys, ", "), hint(key.Value, keys))
		case line > 0:
			r.fail(key, at, "given twice, first on line %d", line)
		default:
			read(n.Content[i+1], at)
		}
		seen[key.Value] = key.Line
	}
}

// text returns what reads a string.
func (r *reader) text(into *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" || strings.TrimSpace(n.Value) == "" {
			hint := ""
			if n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) != "" {
				hint = fmt.Sprintf("quote it: %q", n.Value)
			}
			r.failWith(n, path, hint, "want a text, got %s", shown(n))
			return
		}
		*into = n.Value
	}
}

// optional returns what reads a number or null, which is unknown.
func (r *reader) optional(interval string, into **float64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && n.Value == "" {
			r.failWith(n, path, "write null where it is not known", "has no value")
			return
		}
		var x float64
		if (n.Kind != yaml.ScalarNode || n.ShortTag() != "!!null") && r.number(n, path, interval, &x) {
			*into = &x
		}
	}
}

// number reads a finite number that is not negative; zero is refused where the
// interval begins with a parenthesis.
func (r *reader) number(n *yaml.Node, path, interval string, into *float64) bool {
	x, ok, err := schema.Number(n)
	if bad, misread := errors.AsType[*schema.Error](err); misread {
		r.failWith(n, path, bad.Hint, "%s", bad.Problem)
		return false
	}
	if !ok {
		r.fail(n, path, "want a number, got %s", shown(n))
		return false
	}
	if x < 0 || math.IsInf(x, 0) || x == 0 && interval[0] == '(' {
		r.fail(n, path, "%v is outside %s", x, interval)
		return false
	}
	*into = x
	return true
}

// shown says what a node is, for messages.
func shown(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return fmt.Sprintf("%q", n.Value)
}

// hint names the nearest of what could have been meant.
func hint[S ~string](word string, all []S) string {
	if near := schema.DidYouMean(word, words(all)); near != "" {
		return "; " + near
	}
	return ""
}

// words returns names as strings.
func words[S ~string](names []S) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return list
}
