package schema

import (
	"fmt"
	"strconv"
	"strings"
)

// join returns the path of key below path. A key with unprintable characters
// is quoted and a long one cut, so that a message stays a line.
func join(path, key string) string {
	if len(key) > maxKeyShown {
		key = strings.ToValidUTF8(key[:maxKeyShown], "") + "…"
	}
	if quoted := strconv.Quote(key); key == "" || len(quoted) != len(key)+2 {
		key = quoted
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// item returns the path of a list's element i.
func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// base returns the last key of a path.
func base(path string) string {
	return path[strings.LastIndexByte(path, '.')+1:]
}

// A step leads from a mapping to the value at a key, or from a list to the
// element at an index.
type step struct {
	key   string
	list  bool
	index int
}

// under returns the path of the step's target below path.
func (s step) under(path string) string {
	if s.list {
		return item(path, s.index)
	}
	return join(path, s.key)
}

// pathOf returns the path that steps lead to from path, "" being the whole tree.
func pathOf(path string, steps []step) string {
	for _, s := range steps {
		path = s.under(path)
	}
	return path
}

// below returns the path rest, which begins with a key or an index, below path.
func below(path, rest string) string {
	if path == "" || rest == "" || rest[0] == '[' {
		return path + rest
	}
	return path + "." + rest
}

// parsePath reads a path such as rule.mask[0].p; keys become lower case. On a
// malformed path it returns what is wrong with it.
func parsePath(path string) (steps []step, problem string) {
	for _, part := range strings.Split(strings.ToLower(path), ".") {
		key, rest, indexed := strings.Cut(part, "[")
		if key == "" {
			return nil, "has an empty key"
		}
		if strings.Contains(key, "]") {
			return nil, "has an unmatched bracket"
		}
		steps = append(steps, step{key: key})
		for indexed {
			var digits, next string
			digits, next, indexed = strings.Cut(rest, "]")
			if !indexed {
				return nil, "has an unmatched bracket"
			}
			i, err := strconv.ParseUint(digits, 10, 31)
			if err != nil {
				return nil, fmt.Sprintf("has a bad index %q", digits)
			}
			steps = append(steps, step{list: true, index: int(i)})
			if next == "" {
				break
			}
			if next[0] != '[' {
				return nil, fmt.Sprintf("goes on with %q after an index", next)
			}
			rest = next[1:]
		}
	}
	return steps, ""
}
