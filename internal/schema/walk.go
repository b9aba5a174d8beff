package schema

import (
	"reflect"
	"slices"
)

// A Setting is a setting of a struct, or of a kind that one of its unions can hold.
type Setting struct {
	Field
	Path  string   // as an override names it: rule.mask[0].p
	Kinds []string // overrides that choose the kinds on the way to it: rule.mask=bernoulli
	Text  string   // of strings: what they are, "path", "name", or "" where the choice is Allowed
}

// Settings lists the settings of the struct that src is or points to, in the order of
// its fields, with those of all kinds of its unions. A union within a kind of itself is
// not entered again.
func Settings(src any) []Setting {
	w := walk{}
	w.structure(reflect.Indirect(reflect.ValueOf(src)), "")
	return w.found
}

type walk struct {
	found  []Setting
	kinds  []string
	unions []*union // entered
}

func (w *walk) structure(v reflect.Value, path string) {
	for _, f := range fieldsOf(v.Type()) {
		held, at := v.FieldByIndex(f.index), join(path, f.key)
		switch t := f.typ; {
		case t.Kind() == reflect.Struct:
			w.structure(held, at)
		case t.Kind() == reflect.Interface:
			w.union(unionOf(t), at, at)
		case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Interface:
			w.union(unionOf(t.Elem()), at, item(at, 0))
		default:
			described := Field{f.key, f.doc, typeName(t), inline(held, f), f.allowed(), f.names.String()}
			w.found = append(w.found, Setting{described, at, slices.Clone(w.kinds), f.text})
		}
	}
}

// union visits every kind, which the setting at path chooses and whose own settings
// lie below the path within.
func (w *walk) union(u *union, path, within string) {
	if slices.Contains(w.unions, u) {
		return
	}
	w.unions = append(w.unions, u)
	for _, name := range u.sorted() {
		body, _ := open(u.kinds[name].make())
		w.kinds = append(w.kinds, path+"="+name)
		w.structure(body, within)
		w.kinds = w.kinds[:len(w.kinds)-1]
	}
	w.unions = w.unions[:len(w.unions)-1]
}
