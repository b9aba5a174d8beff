package schema

// Identity writes src as Encode does without comments, but leaves out each
// setting with the tag identity:"nonzero" that holds the zero value of its
// type. A key that is added to a struct with this tag, and whose zero value
// means what was done before there was the key, leaves the identity of all
// values that do not set it as it was, and what is named by it can be found.
func Identity(src any) ([]byte, error) {
	e := encoder{identity: true}
	return e.encode(src)
}
