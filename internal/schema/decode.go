package schema

import (
	"fmt"
	"reflect"
	"strings"
)

// Decode writes the settings of tree into dst, a non-nil pointer to a struct
// that holds the defaults, and validates the result. tree is a mapping; nil is
// an empty one. Keys ignore case. where, which may be nil, locates the
// settings for messages.
//
// A union's parameters start from the constructor of the kind that is named.
// Without the discriminator key the kind that dst holds stays, in a list the
// one at the same index, and its parameters start from the values held there.
//
// After its settings, each struct with a method Validate() error is validated,
// the inner before the outer, unless anything in it was wrong already; that
// holds for defaults too. An inlined struct is validated by the outer's
// Validate, which may be the promoted one. See [Fieldf].
//
// The error is an [Errors] with all problems, up to 20; dst is then written in
// part and not to be used. What dst's pointers and slices referred to is never
// modified.
func Decode(tree any, dst any, where Locator) error {
	v := reflect.ValueOf(dst)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(panicDestination)
	}
	if tree == nil {
		tree = map[string]any{}
	}
	d := &decoder{where: where}
	d.value(tree, v.Elem(), nil, "")
	return d.errs.err()
}

type decoder struct {
	where  Locator
	errs   Errors
	depth  int
	single bool // floats are computed with as float32
}

// full says whether no more problems are recorded: a long list of mistakes need not be
// read to its end.
func (d *decoder) full() bool { return len(d.errs) == maxProblems }

// fail records a problem at path.
func (d *decoder) fail(path, hint, format string, args ...any) {
	if d.full() {
		return
	}
	e := &Error{Path: path, Problem: fmt.Sprintf(format, args...), Hint: hint}
	if d.where != nil {
		e.File, e.Line = d.where(path)
	}
	d.errs = append(d.errs, e)
}

// want records that tree has the wrong type.
func (d *decoder) want(what string, tree any, path string) {
	d.fail(path, "", "want %s, got %s", what, show(tree))
}

// value decodes tree into dst, of any supported type. f restricts the scalars;
// nil does not.
func (d *decoder) value(tree any, dst reflect.Value, f *field, path string) {
	d.depth++
	defer func() { d.depth-- }()
	switch {
	case d.full():
	case tree == nil:
		d.fail(path, "", "has no value")
	case d.depth > maxDepth:
		d.fail(path, "", "is nested more than %d levels deep", maxDepth)
	case dst.Kind() == reflect.Struct:
		if m, ok := d.mapping(tree, "a mapping", path); ok {
			d.structure(m, dst, scope{name: base(path)}, path)
		}
	case dst.Kind() == reflect.Interface:
		d.union(tree, dst, path)
	case dst.Kind() == reflect.Slice:
		d.list(tree, dst, f, path)
	default:
		d.scalar(tree, dst, f, path)
	}
}

// mapping returns tree as a mapping with lower-case keys, or reports why it is
// none.
func (d *decoder) mapping(tree any, what, path string) (map[string]any, bool) {
	m, twice, ok := asMapping(tree)
	if !ok {
		d.want(what, tree, path)
		return nil, false
	}
	for _, key := range twice {
		d.fail(join(path, key), "", "given twice (keys ignore case)")
	}
	return m, len(twice) == 0
}

// structure decodes the settings of a struct and validates it.
func (d *decoder) structure(m map[string]any, dst reflect.Value, s scope, path string) {
	before := len(d.errs)
	fields := fieldsOf(dst.Type())
	for _, f := range fields {
		held := dst.FieldByIndex(f.index)
		given, ok := m[f.key]
		if !ok {
			given, ok = untouched(held)
		}
		if ok {
			d.field(given, held, f, join(path, f.key))
		}
		delete(m, f.key)
	}
	d.unknown(m, keysOf(fields), s, path)
	if len(d.errs) == before {
		d.validate(dst, path)
	}
}

// field decodes the value of a field.
func (d *decoder) field(given any, held reflect.Value, f *field, path string) {
	around := d.single
	if f.single != nil {
		d.single = *f.single
	}
	d.value(given, held, f, path)
	d.single = around
}

// untouched returns the tree that leaves dst as it is: a key that is not given
// is decoded from it so that defaults are validated as well. ok is false where
// there is nothing to validate.
func untouched(dst reflect.Value) (tree any, ok bool) {
	switch {
	case dst.Kind() == reflect.Struct:
		return map[string]any{}, true
	case dst.Kind() == reflect.Interface:
		return map[string]any{}, unionOf(dst.Type()).nameOf(dst) != ""
	case dst.Kind() == reflect.Slice && dst.Type().Elem().Kind() == reflect.Interface:
		list := make([]any, dst.Len())
		for i := range list {
			list[i] = map[string]any{}
		}
		return list, len(list) > 0
	}
	return nil, false
}

// validate calls the struct's Validate method, if it has one.
func (d *decoder) validate(dst reflect.Value, path string) {
	v, ok := dst.Addr().Interface().(interface{ Validate() error })
	if !ok {
		return
	}
	err := v.Validate()
	if err == nil {
		return
	}
	for _, c := range complaints(err) {
		at := path
		if c.key != "" {
			at = join(path, c.key)
		}
		d.fail(at, "", "%s", c.problem)
	}
}

// list decodes a list; anything else stands for a list of one.
func (d *decoder) list(tree any, dst reflect.Value, f *field, path string) {
	items, isList := asList(tree)
	if !isList {
		items = []any{tree}
		text, isText := tree.(string)
		if isText && strings.Contains(text, ",") && numeric(dst.Type().Elem().Kind()) {
			d.fail(path, listHint(text), "want a list of numbers, got %s", show(tree))
			return
		}
	}
	list := reflect.Zero(dst.Type()) // an empty list is nil
	if len(items) > 0 {
		list = reflect.MakeSlice(dst.Type(), len(items), len(items))
	}
	for i, given := range items {
		at, element := path, list.Index(i)
		if isList {
			at = item(path, i)
		}
		if element.Kind() == reflect.Interface && i < dst.Len() {
			element.Set(dst.Index(i))
		}
		d.value(given, element, f, at)
	}
	dst.Set(list)
}
