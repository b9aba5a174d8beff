package datasets

import "ergon/internal/schema"

// Spec says which data a run learns from. Specs are comparable values.
type Spec interface {
	// Load returns the data. Whatever is random about them depends on seed
	// alone. Specs that are equal, loaded with equal seeds while the data are in
	// use, give the same *Data.
	Load(seed uint64) (*Data, error)
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

// load returns the data of a key, made by make unless they are in use already.
func load(key dataKey, make func() (*Data, error)) (*Data, error) {
	return loaded.get(key, func() (*Data, error) {
		data, err := make()
		if err == nil {
			data.Train.owner, data.Test.owner = data, data
		}
		return data, err
	})
}
