package schema

import "reflect"

// Identity writes src as the text whose hash names a run. It is [Encode]'s of the
// first version, with its numbers and quotes, so that runs keep their names. It
// leaves out each setting with the tag identity:"nonzero" that holds the zero value of its
// type, the first of its choices or a kind that is a zero value itself. A key that is added to a struct with this tag, and which then
// means what was done before there was the key, leaves the identity of all
// values that do not set it as it was, and what is named by it can be found.
func Identity(src any) ([]byte, error) {
	e := encoder{identity: true, first: true}
	return e.encode(src)
}

// isUnset says whether a setting that was added later is what it was before it could be set.
func (f *field) isUnset(held reflect.Value) bool {
	switch {
	case f.oneof != nil && held.Kind() == reflect.String:
		return held.IsZero() || held.String() == f.oneof[0]
	case held.Kind() == reflect.Interface && !held.IsNil():
		return held.Elem().IsZero()
	}
	return held.IsZero()
}
