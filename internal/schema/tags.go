package schema

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Panics, all for a programmer's mistake.
const (
	panicInterval    = "schema: malformed interval in a tag, want one like (0,1] or [0,inf)"
	panicNotNumeric  = "schema: interval on a field that holds no number"
	panicNotString   = "schema: oneof on a field that holds no string"
	panicUnexported  = "schema: key on an unexported field"
	panicKey         = "schema: a key is lower case, without blanks, dots and brackets"
	panicKeyTwice    = "schema: two fields of a struct have the same key"
	panicDoc         = "schema: doc is one line"
	panicFieldType   = "schema: field of an unsupported type"
	panicDestination = "schema: destination is not a pointer"
	panicText        = "schema: text is path or name, on a field of strings without oneof"
	panicPrecision   = "schema: precision is float32, or float64 within one that is"
	panicNames       = "schema: malformed names in a tag, want some like half=0.5,all=1 on a field that holds a float"
	panicSource      = "schema: source is not a struct"
)

// A field is one setting of a struct, as its tags describe it.
type field struct {
	index    []int // path for reflect.Value.FieldByIndex
	key, doc string
	typ      reflect.Type
	in       *interval   // nil: any number
	oneof    []string    // nil: any string
	late     bool        // not in the identity while it is zero
	text     string      // of a string: what it is, pathText, nameText or ""
	names    numberNames // of a float: names of numbers, in their order
	single   *bool       // whether floats here and below are computed with as float32; nil: as around it
}

var fieldCache sync.Map // reflect.Type → []*field

// fieldsOf returns the settings of struct type t in the order of its fields,
// inlined structs in their place.
func fieldsOf(t reflect.Type) []*field {
	if cached, ok := fieldCache.Load(t); ok {
		return cached.([]*field)
	}
	fields := collect(t, nil, nil)
	seen := map[string]bool{}
	for _, f := range fields {
		if seen[f.key] {
			panic(panicKeyTwice)
		}
		seen[f.key] = true
	}
	fieldCache.Store(t, fields)
	return fields
}

// collect appends the settings of t, which lies at index of the outer struct.
func collect(t reflect.Type, index []int, to []*field) []*field {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(index), i)
		key, tagged := f.Tag.Lookup("key")
		switch {
		case tagged:
			to = append(to, describe(f, key, at))
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			to = collect(f.Type, at, to)
		}
	}
	return to
}

// describe reads the tags of one field and checks them against its type.
func describe(f reflect.StructField, key string, index []int) *field {
	d := &field{index: index, key: key, doc: f.Tag.Get("doc"), typ: f.Type}
	scalar := f.Type
	for scalar.Kind() == reflect.Slice {
		scalar = scalar.Elem()
	}
	switch {
	case !f.IsExported():
		panic(panicUnexported)
	case key == "" || key != strings.ToLower(key) || strings.ContainsAny(key, " \t\n.[]=\""):
		panic(panicKey)
	case strings.ContainsAny(d.doc, "\n\r"):
		panic(panicDoc)
	case !supported(f.Type):
		panic(panicFieldType)
	}
	if text, ok := f.Tag.Lookup("in"); ok {
		if !numeric(scalar.Kind()) {
			panic(panicNotNumeric)
		}
		d.in = parseInterval(text)
	}
	if text, ok := f.Tag.Lookup("oneof"); ok {
		if scalar.Kind() != reflect.String {
			panic(panicNotString)
		}
		d.oneof = strings.Split(text, "|")
	}
	d.late = f.Tag.Get("identity") == "nonzero"
	d.readText(f.Tag, scalar)
	d.readNames(f.Tag, scalar)
	d.readPrecision(f.Tag)
	return d
}

// readText reads the tag text.
func (f *field) readText(tag reflect.StructTag, scalar reflect.Type) {
	text, ok := tag.Lookup("text")
	if ok && (text != pathText && text != nameText || scalar.Kind() != reflect.String || f.oneof != nil) {
		panic(panicText)
	}
	f.text = text
}

// readPrecision reads the tag precision.
func (f *field) readPrecision(tag reflect.StructTag) {
	text, ok := tag.Lookup("precision")
	if !ok {
		return
	}
	if text != "float32" && text != "float64" {
		panic(panicPrecision)
	}
	single := text == "float32"
	f.single = &single
}

func numeric(k reflect.Kind) bool {
	return k == reflect.Int || k == reflect.Int64 || k == reflect.Uint64 || k == reflect.Float64
}

func supported(t reflect.Type) bool {
	if t.Kind() == reflect.Slice {
		switch element := t.Elem(); element.Kind() {
		case reflect.Interface:
			return true
		case reflect.Slice:
			return listed(element.Elem().Kind())
		default:
			return listed(element.Kind())
		}
	}
	k := t.Kind()
	return numeric(k) || k == reflect.Bool || k == reflect.String || k == reflect.Struct || k == reflect.Interface
}

// listed says whether there are lists of such scalars.
func listed(k reflect.Kind) bool {
	return k == reflect.Int || k == reflect.Float64 || k == reflect.String
}

// allowed is the restriction of the field's values as a reader sees it: an
// interval, a choice, or "".
func (f *field) allowed() string {
	switch {
	case f.in != nil:
		return f.in.text
	case f.oneof != nil:
		return strings.Join(quoteEmpty(f.oneof), " | ")
	}
	return ""
}

// quoteEmpty makes an empty name visible in a list of names.
func quoteEmpty(names []string) []string {
	names = slices.Clone(names)
	for i := range names {
		if names[i] == "" {
			names[i] = `""`
		}
	}
	return names
}

func keysOf(fields []*field) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}
