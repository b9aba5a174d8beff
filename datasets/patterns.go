package datasets

import (
	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Patterns are P random patterns of N inputs ±1, each with a random class 0 or
// 1 whose target is one output of -1 or +1. There is nothing to generalise to:
// the test set is the training set, and a network has learned when it knows all
// of them by heart. A perceptron can, for P below about 2N.
//
// Streams: "patterns/inputs" (index i·N + j), "patterns/class" (index i).
type Patterns struct {
	Inputs   int `key:"inputs" doc:"inputs N of a pattern" in:"[1,1e6]"`
	Examples int `key:"examples" doc:"number of patterns P; the test set is the same patterns" in:"[1,1e8]"`
	Split
}

var _ Spec = Patterns{}

func init() {
	Kinds.Register("patterns", schema.Doc{
		Summary: "random patterns ±1 with random targets ±1, to be learned by heart",
		Source:  "Li & van Rossum 2020, eLife 9:e50804",
	}, func() Spec { return Patterns{Inputs: 1000, Examples: 500} })
}

// Validate checks that the patterns fit into memory, and that all of them are learned.
func (s Patterns) Validate() error {
	if s.Validation != 0 {
		return schema.Fieldf("validation", "nothing can be told of random patterns that are held out: their classes are random; set 0")
	}
	if s.Inputs < 1 || s.Examples < 1 || s.Examples > maxSynthetic/s.Inputs {
		return schema.Fieldf("examples", "%d patterns of %d inputs: want between 1 and 2^30 numbers in all", s.Examples, s.Inputs)
	}
	return nil
}

// Load draws the patterns.
func (s Patterns) Load(seed uint64) (*Data, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	return load(dataKey{spec: s, seed: seed}, func() (*Data, error) {
		class := philox.New(seed, "patterns/class")
		labels, targets := make([]uint8, s.Examples), make([]float32, s.Examples)
		for i := range labels {
			labels[i] = uint8(class.Uint32(0, uint64(i)) >> 31)
			targets[i] = sign(uint32(labels[i]))
		}
		inputs := philox.New(seed, "patterns/inputs")
		x := make([]float32, s.Examples*s.Inputs)
		inParallel(len(x), func(from, to int) {
			for i := from; i < to; i++ {
				x[i] = sign(inputs.Uint32(0, uint64(i)) >> 31)
			}
		})
		set := &Set{n: s.Examples, inputs: s.Inputs, outputs: 1, rows: &floatRows{x, s.Inputs}, labels: labels, targets: targets}
		return &Data{Train: set, Test: set, Shape: []int{s.Inputs}, Classes: 2}, nil
	})
}

func (s Patterns) list(l *Listing) {
	l.Found, l.Shape, l.Train, l.Test = "generated", []int{s.Inputs}, s.Examples, s.Examples
	l.Bytes = 4 * int64(s.Examples) * int64(s.Inputs) // float32
}

// sign returns -1 for bit 0 and +1 for bit 1.
func sign(bit uint32) float32 { return 2*float32(bit) - 1 }
