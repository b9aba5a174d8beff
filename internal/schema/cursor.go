package schema

import "reflect"

// The functions here follow an override's path through the default value, so
// that Set knows what the type, and not the tree, says. An invalid Value means
// that nothing is known.

// only returns what a single mapping stands for where a list of unions is
// expected: its first element.
func only(def reflect.Value) reflect.Value {
	if def.IsValid() && def.Kind() == reflect.Slice {
		return elementAt(def, 0)
	}
	return def
}

// elementAt returns element i of a list, empty beyond its end.
func elementAt(def reflect.Value, i int) reflect.Value {
	switch {
	case !def.IsValid() || def.Kind() != reflect.Slice:
		return reflect.Value{}
	case i < def.Len():
		return def.Index(i)
	}
	return reflect.Zero(def.Type().Elem())
}

// unionAt returns the union of a value of interface type, nil for others.
func unionAt(def reflect.Value) *union {
	if !def.IsValid() || def.Kind() != reflect.Interface {
		return nil
	}
	return unionOf(def.Type())
}

// fieldAt returns the field with the key of a struct, or of the kind that the
// mapping m of union u names or leaves at its default.
func fieldAt(def reflect.Value, u *union, m map[string]any, key string) reflect.Value {
	if u != nil {
		def = kindAt(def, u, m)
	}
	if !def.IsValid() || def.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for _, f := range fieldsOf(def.Type()) {
		if f.key == key {
			return def.FieldByIndex(f.index)
		}
	}
	return reflect.Value{}
}

// kindAt returns the struct of the kind that Decode will start from.
func kindAt(def reflect.Value, u *union, m map[string]any) reflect.Value {
	start := def.Elem()
	if given, named := m[u.key]; named {
		name, _ := scalarText(given)
		e := u.kinds[name]
		if e == nil {
			return reflect.Value{}
		}
		start = e.make()
	} else if u.nameOf(def) == "" {
		return reflect.Value{}
	}
	body, _ := open(start)
	return body
}

// seed returns the tree of a default list, for one element to be set in it:
// scalars themselves, and for each union the mapping that keeps its default.
func seed(def reflect.Value) []any {
	list := make([]any, def.Len())
	for i := range list {
		if def.Type().Elem().Kind() == reflect.Interface {
			list[i] = map[string]any{}
		} else {
			list[i] = def.Index(i).Interface()
		}
	}
	return list
}
