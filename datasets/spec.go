package datasets

import "ergon/internal/schema"

// Spec says which data a run learns from. Specs are comparable values: a struct of
// settings, not a pointer. A kind registers itself in [Kinds], with a Summary and a Source.
//
// Unless its set is in the catalogue of published ones, a Spec also has the method
// list(*Listing): what the command data list shows beside these, such as the sizes, and in
// Found "generated". A generated set embeds [Synthetic], which brings this method and the
// settings of its size; one of images embeds [Images], and any other [Split].
type Spec interface {
	// Load returns the data. Whatever is random about them depends on seed
	// alone. Specs that are equal, loaded with equal seeds while the data are in
	// use, give the same *Data: Load makes them through load.
	Load(seed uint64) (*Data, error)
	// HeldOut returns the number of examples of Data.Validation, 0 where there is none.
	// A Spec has it from Split.
	HeldOut() int
}

// Kinds are the data sets that a configuration can name.
var Kinds = schema.NewUnion[Spec]("name", "data set")

// loaded shares the data that are in use.
var loaded shared[dataKey, Data]

type dataKey struct {
	spec   Spec
	origin string // state of the files, for data that are read
	seed   uint64
}

// load returns the data of a key, made by make unless they are in use already. One value
// is made at a time: a make that calls load, through the Load of another Spec, never ends.
func load(key dataKey, make func() (*Data, error)) (*Data, error) {
	return loaded.get(key, func() (*Data, error) {
		data, err := make()
		if err == nil {
			if data.Content.Where == "" {
				data.Content.Where, data.LastLabel = generated, max(0, data.Classes-1)
			}
			for _, set := range data.Sets() {
				set.owner = data
			}
		}
		return data, err
	})
}
