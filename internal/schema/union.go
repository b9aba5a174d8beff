package schema

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

const (
	panicNotInterface = "schema: a union needs an interface type"
	panicUnionTwice   = "schema: two unions for one interface type"
	panicNoUnion      = "schema: field of an interface type that has no union"
	panicUnionKey     = "schema: a union needs a lower-case discriminator key and a name"
	panicKindTwice    = "schema: kind registered twice in a union"
	panicKindType     = "schema: a kind is a struct or a pointer to a struct"
	panicKindKey      = "schema: a kind's field has the union's discriminator as its key"
)

// Doc says what a kind does and where it comes from.
type Doc struct {
	Summary string // one line
	Source  string // paper and equation
	// Definition says in sentences what the summary leaves open and numbers depend on;
	// "": nothing.
	Definition string
}

// A Union is a set of kinds that satisfy the interface T, told apart in the
// settings by a discriminator key. A field of type T or []T finds its union by
// T alone. In the settings, {kind: bernoulli, p: 0.1} is the kind bernoulli
// with one parameter changed, and the bare word bernoulli is that kind with its
// defaults; for a []T, either also stands for a list of one.
type Union[T any] struct{ *union }

type union struct {
	key, stage string
	kinds      map[string]*entry
	names      map[reflect.Type]string // of the values' dynamic types
}

// An entry is a registered kind; make returns a new value of its dynamic type.
type entry struct {
	Doc
	name string
	make func() reflect.Value
}

// unions finds a union by its interface type. It is written by NewUnion only,
// while packages are initialised.
var unions = map[reflect.Type]*union{}

// NewUnion returns the union of the interface type T, without kinds yet: key
// is the discriminator in the settings ("kind"), stage what messages call a
// value ("mask"). It is meant for a package's variable; an interface type has
// one union only.
func NewUnion[T any](key, stage string) *Union[T] {
	t := reflect.TypeFor[T]()
	switch {
	case t.Kind() != reflect.Interface:
		panic(panicNotInterface)
	case unions[t] != nil:
		panic(panicUnionTwice)
	case key == "" || stage == "" || key != strings.ToLower(key):
		panic(panicUnionKey)
	}
	u := &union{key, stage, map[string]*entry{}, map[reflect.Type]string{}}
	unions[t] = u
	return &Union[T]{u}
}

// Register adds the kind called name. The value that make returns, a struct or
// a pointer to one, holds the kind's defaults; every kind has a type of its
// own. It is meant for an init function.
func (u *Union[T]) Register(name string, doc Doc, make func() T) {
	value := func() reflect.Value { return reflect.ValueOf(make()) }
	sample := value()
	if !sample.IsValid() || structType(sample.Type()) == nil || sample.Kind() == reflect.Pointer && sample.IsNil() {
		panic(panicKindType)
	}
	if name == "" || u.kinds[name] != nil || u.names[sample.Type()] != "" {
		panic(fmt.Sprintf("%s: %s %q", panicKindTwice, u.stage, name))
	}
	if slices.Contains(keysOf(fieldsOf(structType(sample.Type()))), u.key) {
		panic(panicKindKey)
	}
	u.kinds[name] = &entry{doc, name, value}
	u.names[sample.Type()] = name
}

// New returns a new value of the kind called name with its defaults, or false
// if there is none.
func (u *Union[T]) New(name string) (T, bool) {
	e, ok := u.kinds[name]
	if !ok {
		var none T
		return none, false
	}
	return e.make().Interface().(T), true
}

// Name returns the name of v's kind, or "" if v is nil or not registered.
func (u *Union[T]) Name(v T) string { return u.nameOf(reflect.ValueOf(&v).Elem()) }

// nameOf returns the kind held by an interface value, "" if none.
func (u *union) nameOf(held reflect.Value) string {
	v := held.Elem()
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return ""
	}
	return u.names[v.Type()]
}

// sorted returns the names of all kinds.
func (u *union) sorted() []string { return slices.Sorted(maps.Keys(u.kinds)) }

// unionOf returns the union of an interface type.
func unionOf(t reflect.Type) *union {
	u := unions[t]
	if u == nil {
		panic(panicNoUnion)
	}
	return u
}

// structType returns the struct that t is or points to, nil if there is none.
func structType(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// open copies a kind's value. Setting the fields of the addressable struct body
// changes whole, the copy to be stored in an interface, and never v.
func open(v reflect.Value) (body, whole reflect.Value) {
	if v.Kind() == reflect.Pointer {
		whole = reflect.New(v.Type().Elem())
		whole.Elem().Set(v.Elem())
		return whole.Elem(), whole
	}
	whole = reflect.New(v.Type()).Elem()
	whole.Set(v)
	return whole, whole
}
