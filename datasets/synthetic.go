package datasets

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Sizes of synthetic sets whose settings leave them open.
const (
	defaultTrain = 10000
	defaultTest  = 2000
)

// maxSynthetic bounds the inputs of a synthetic set: 2^30 float32 are 4 GiB.
const maxSynthetic = 1 << 30

// Synthetic are the settings that all synthetic sets have.
type Synthetic struct {
	Inputs int `key:"inputs" doc:"dimension N of an input" in:"[1,1e6]"`
	Train  int `key:"train" doc:"training examples; 0: 10000" in:"[0,1e8]"`
	Split
	Test int `key:"test" doc:"test examples; 0: 2000" in:"[0,1e8]"`
}

// sizes returns the numbers of examples, those held out among the training examples, or
// an error if they would not fit or leave none to learn from.
func (s Synthetic) sizes() (train, test int, err error) {
	train, test = s.Train, s.Test
	if train == 0 {
		train = defaultTrain
	}
	if test == 0 {
		test = defaultTest
	}
	if s.Inputs < 1 || train < 0 || test < 0 || train > maxSynthetic/s.Inputs-test {
		return 0, 0, schema.Fieldf("train", "%d + %d examples of %d inputs: want between 1 and 2^30 numbers in all", train, test, s.Inputs)
	}
	_, err = s.remaining(train)
	return train, test, err
}

// Validate checks that the data fit into memory, and that some are learned from.
func (s Synthetic) Validate() error {
	_, _, err := s.sizes()
	return err
}

// drawn are examples with a class or a target each.
type drawn struct {
	x               []float32 // [n, inputs]
	inputs, outputs int
	labels          []uint8   // [n]; nil where there are targets
	targets         []float32 // [n]
}

// data returns training examples, without those that are held out, and test examples.
func (s Synthetic) data(train, test drawn, classes int) *Data {
	all := len(train.x) / train.inputs
	learned := all - s.Validation
	d := &Data{Train: train.set(0, learned), Test: test.set(0, len(test.x)/test.inputs), Shape: []int{s.Inputs}, Classes: classes}
	if s.Validation > 0 {
		d.Validation = train.set(learned, all)
	}
	return d
}

// set returns the examples from lo to hi.
func (d drawn) set(lo, hi int) *Set {
	s := &Set{n: hi - lo, inputs: d.inputs, outputs: d.outputs, rows: &floatRows{d.x[lo*d.inputs : hi*d.inputs], d.inputs}}
	if d.labels != nil {
		s.labels = d.labels[lo:hi]
	} else {
		s.targets = d.targets[lo:hi]
	}
	return s
}

// normals returns the first n numbers N(0, 1) of a step.
func normals(n int, stream philox.Stream, step uint64) []float32 {
	x := make([]float32, n)
	fillNormal(x, stream, step, func(_ int, z float64) float32 { return float32(z) })
	return x
}

// overRoot returns 1/√n, the scale that keeps a sum of n terms of order 1.
func overRoot(n int) float64 { return 1 / math.Sqrt(float64(n)) }
