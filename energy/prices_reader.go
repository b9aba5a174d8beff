package energy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
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

// maxTable is the size in bytes above which a text is no price table.
const maxTable = 1 << 20

// document returns the root of a text that holds one document.
func (r *reader) document(text []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	err := decoder.Decode(&first)
	switch {
	case len(text) > maxTable:
		err = fmt.Errorf("has more than %d bytes, want a price table", maxTable)
	case errors.Is(err, io.EOF):
		err = errors.New("is empty, want a price table")
	case err != nil:
		err = fmt.Errorf("not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	case !errors.Is(decoder.Decode(&second), io.EOF):
		err = errors.New("holds more than one document, want one price table")
	default:
		return first.Content[0], nil
	}
	return nil, schema.Errors{{File: r.file, Problem: err.Error()}}
}

// maxProblems bounds how many problems are listed.
const maxProblems = 20

func (r *reader) fail(n *yaml.Node, path, format string, args ...any) {
	if len(r.errs) < maxProblems {
		r.errs = append(r.errs, &schema.Error{File: r.file, Line: n.Line, Path: path, Problem: fmt.Sprintf(format, args...)})
	}
}

// mapping reads the entries of a mapping in its order.
func (r *reader) mapping(n *yaml.Node, path string, all entries) {
	keys := slices.Sorted(maps.Keys(all))
	if n.Kind != yaml.MappingNode {
		r.fail(n, path, "want a mapping (keys: %s)", strings.Join(keys, ", "))
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
			r.fail(n, path, "want a text")
			return
		}
		*into = n.Value
	}
}

// optional returns what reads a number or null, which is unknown.
func (r *reader) optional(interval string, into **float64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		var x float64
		if (n.Kind != yaml.ScalarNode || n.ShortTag() != "!!null") && r.number(n, path, interval, &x) {
			*into = &x
		}
	}
}

// number reads a finite number that is not negative; zero is refused where the
// interval begins with a parenthesis.
func (r *reader) number(n *yaml.Node, path, interval string, into *float64) bool {
	var x float64
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" || n.Decode(&x) != nil || math.IsNaN(x) {
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
	case yaml.AliasNode:
		return "an alias"
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
