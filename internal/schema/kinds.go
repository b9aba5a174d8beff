package schema

import "reflect"

// Kind describes a registered kind to a reader.
type Kind struct {
	Name       string  `json:"name"`
	Summary    string  `json:"summary"`
	Source     string  `json:"source,omitempty"`
	Definition string  `json:"definition,omitempty"`
	Fields     []Field `json:"parameters,omitempty"`
}

// Field describes one setting to a reader.
type Field struct {
	Key     string `json:"key"` // dotted where structs are nested, as in init.std
	Doc     string `json:"doc"`
	Type    string `json:"type"`              // bool, int, float, string, a union's name, or "list of" one of them
	Default string `json:"default"`           // YAML on one line
	Allowed string `json:"allowed,omitempty"` // an interval such as (0,1], a choice such as step | never, or ""
	Names   string `json:"names,omitempty"`   // of numbers, such as half is 0.5, or ""
}

// Kinds describes all kinds of the union, sorted by name.
func (u *Union[T]) Kinds() []Kind {
	var list []Kind
	for _, name := range u.sorted() {
		e := u.kinds[name]
		body, _ := open(e.make())
		list = append(list, Kind{e.name, e.Summary, e.Source, e.Definition, explain(body, "", nil)})
	}
	return list
}

// explain appends the settings of the struct v, which holds the defaults.
func explain(v reflect.Value, path string, to []Field) []Field {
	for _, f := range fieldsOf(v.Type()) {
		held, key := v.FieldByIndex(f.index), join(path, f.key)
		if f.typ.Kind() == reflect.Struct {
			to = explain(held, key, to)
			continue
		}
		to = append(to, Field{key, f.doc, typeName(f.typ), inline(held, f), f.allowedWithKinds(), f.names.String()})
	}
	return to
}

// allowedWithKinds is allowed, with the kinds where the field is a union.
func (f *field) allowedWithKinds() string {
	t := f.typ
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() == reflect.Interface {
		return unionOf(t).choice()
	}
	return f.allowed()
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.Interface:
		return unionOf(t).stage
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "int"
	case reflect.Float64:
		return "float"
	}
	return t.Kind().String()
}
