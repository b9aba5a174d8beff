package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// union decodes a union: a bare word is a kind with its defaults, a mapping
// has the kind under the discriminator key or keeps the kind that dst holds.
func (d *decoder) union(tree any, dst reflect.Value, path string) {
	u := unionOf(dst.Type())
	if word, ok := tree.(string); ok {
		if e := d.kind(u, word, path); e != nil {
			d.fill(map[string]any{}, e.make(), dst, scope{name: e.name}, path)
		}
		return
	}
	m, ok := d.mapping(tree, "a kind of "+u.stage+" or a mapping", path)
	if !ok {
		return
	}
	name := u.nameOf(dst)
	given, named := m[u.key]
	switch {
	case named:
		delete(m, u.key)
		if e := d.kind(u, given, join(path, u.key)); e != nil {
			d.fill(m, e.make(), dst, scope{name: e.name, union: u}, path)
		}
	case name == "":
		d.fail(path, "", "missing key %q (%s)", u.key, u.listing())
	default:
		d.fill(m, dst.Elem(), dst, scope{name: name, union: u, implied: true}, path)
	}
}

// fill decodes m over a copy of the kind's value start and stores it in dst.
func (d *decoder) fill(m map[string]any, start, dst reflect.Value, s scope, path string) {
	body, whole := open(start)
	d.structure(m, body, s, path)
	dst.Set(whole)
}

// kind finds the kind that the discriminator names, or reports that there is
// none and returns nil.
func (d *decoder) kind(u *union, given any, path string) *entry {
	if given == nil {
		d.fail(path, "", "has no value")
		return nil
	}
	name, ok := scalarText(given)
	if !ok {
		d.want("a kind of "+u.stage, given, path)
		return nil
	}
	e := u.kinds[name]
	if e == nil {
		hint := DidYouMean(name, u.sorted())
		if strings.Contains(name, ",") {
			hint = listHint(name)
		}
		d.fail(path, hint, "unknown %s %s (%s)", u.stage, quote(name), u.listing())
	}
	return e
}

// listHint is what to do about a list without brackets.
func listHint(text string) string { return "a list has brackets: [" + text + "]" }

// listing names all kinds, for a message.
func (u *union) listing() string {
	return fmt.Sprintf("kinds of %s: %s", u.stage, strings.Join(u.sorted(), ", "))
}

// choice names all kinds, for documentation.
func (u *union) choice() string { return strings.Join(u.sorted(), " | ") }

// A scope is what a message about a key says of the mapping around it.
type scope struct {
	name    string // of the kind or the mapping, "" for the whole tree
	union   *union // whose kind the mapping is, if any
	implied bool   // the kind is the default's
}

// unknown reports the keys left in m, which no field of the struct has.
func (d *decoder) unknown(m map[string]any, allowed []string, s scope, path string) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if d.full() {
			return
		}
		hint := s.owners(key)
		if hint == "" && s.union != nil && slices.Contains([]string{"kind", "name", "type"}, key) {
			hint = fmt.Sprintf("the %s is chosen by the key %q", s.union.stage, s.union.key)
		}
		if hint == "" {
			candidates := allowed
			if s.union != nil {
				candidates = append(slices.Clone(allowed), s.union.key)
			}
			hint = DidYouMean(key, candidates)
		}
		d.fail(join(path, key), hint, "unknown key (%s)", s.keys(allowed))
	}
}

// keys lists the keys a mapping may have.
func (s scope) keys(allowed []string) string {
	list := strings.Join(allowed, ", ")
	switch {
	case len(allowed) == 0:
		return s.name + " has no keys"
	case s.name == "":
		return "keys: " + list
	}
	return "keys of " + s.name + ": " + list
}

// owners is the hint for a parameter whose kind was not named: which kinds
// have it.
func (s scope) owners(key string) string {
	if s.union == nil || !s.implied {
		return ""
	}
	var names []string
	for _, name := range s.union.sorted() {
		body, _ := open(s.union.kinds[name].make())
		if slices.Contains(keysOf(fieldsOf(body.Type())), key) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("it is a key of %s: name the %s", strings.Join(names, ", "), s.union.key)
}
