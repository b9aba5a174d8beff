package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Merge sets in tree what over sets; over goes first. A mapping changes only the
// settings that it names; one that names a kind stands for that kind, with the
// defaults of what it does not name, and replaces what was there, even the same
// kind. Lists and scalars replace. tree is changed only if Merge succeeds, and
// over never. defaults is as in [Set].
//
// The error is an [*Error] without place.
func Merge(tree map[string]any, defaults any, over map[string]any) error {
	merged, err := merge(tree, reflect.Indirect(reflect.ValueOf(defaults)), "", over)
	if err != nil {
		return err
	}
	clear(tree)
	maps.Copy(tree, merged.(map[string]any))
	return nil
}

// merge returns what node becomes when the value is set over it. def is what the
// defaults hold there, invalid where that is not known.
func merge(node any, def reflect.Value, path string, value any) (any, error) {
	changes, _, ok := asMapping(value)
	if !ok || node == nil {
		return value, nil
	}
	def = only(def)
	u := unionAt(def)
	if u != nil {
		if _, named := changes[u.key]; named {
			return value, nil
		}
		if word, ok := node.(string); ok {
			node = map[string]any{u.key: word}
		}
	}
	if list, ok := asList(node); ok && u != nil {
		if len(changes) == 0 {
			return node, nil
		}
		return nil, notAnElement(list, path, slices.Sorted(maps.Keys(changes)))
	}
	m, _, ok := asMapping(node)
	if !ok {
		return value, nil
	}
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		child, err := merge(m[key], fieldAt(def, u, m, key), join(path, key), changes[key])
		if err != nil {
			return nil, err
		}
		m[key] = child
	}
	return m, nil
}

// notAnElement is the error of settings that do not say which element of a list they are of.
func notAnElement(list []any, path string, keys []string) error {
	e := &Error{Path: path, Problem: fmt.Sprintf("is a list, and %q is the key of a mapping", keys[0])}
	if len(list) > 0 {
		e.Hint = "name its kind for another list, or set " + join(item(path, 0), keys[0]) + " in the list"
	}
	return e
}
