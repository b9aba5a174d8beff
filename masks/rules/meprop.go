package rules

import (
	"slices"
	"sync"

	"ergon/internal/schema"
	"ergon/internal/selection"
	"ergon/masks"
)

// MeProp sends back only the K largest errors |∂loss/∂z| of each hidden layer, for
// each presentation; with Unified, the errors of the K units with the largest
// Σ_b|∂loss/∂z| over the batch. Gradients and the errors of the layers below follow
// from these alone. The output layer keeps all errors. Of equal magnitudes the first
// units' are kept, so that exactly K are.
//
// Biases learn from the errors kept, like weights; in the authors' code they
// learn from all. A layer of K units or fewer learns as without the rule.
type MeProp struct {
	K       int  `key:"k" doc:"errors of each hidden layer that are sent back" in:"[1,inf)"`
	Unified bool `key:"unified" doc:"the same units for all presentations of a batch, by their summed |error|"`
}

var _ masks.Error = (*MeProp)(nil)

func init() {
	masks.Errors.Register("meprop", schema.Doc{
		Summary:    "only the k largest errors of each hidden layer are sent back",
		Source:     "meProp: Sun, Ren, Ma & Wang 2017, ICML",
		Definition: "Of equal errors those of the first units are kept, so that exactly k are; biases learn from the errors kept, like weights.",
	}, func() masks.Error { return &MeProp{K: 80} })
}

// Check implements Error.
func (*MeProp) Check(net masks.Network) error {
	if len(net.Layers) < 2 {
		return schema.Fieldf("kind", "meprop is about hidden layers, and the network has none; set full")
	}
	return nil
}

// KeepsAll implements Error.
func (*MeProp) KeepsAll() bool { return false }

// Filter implements Error. It may be called from many goroutines.
func (m *MeProp) Filter(errors []float32, units int) {
	if m.K >= units {
		return
	}
	group := units // errors that are filtered together: one presentation's, or the batch's
	if m.Unified {
		group = len(errors)
	}
	r := rankings.Get().(*ranking)
	defer rankings.Put(r)
	for lo := 0; lo < len(errors); lo += group {
		r.keep(m.K, errors[lo:lo+group], units)
	}
}

// ranking is scratch space to find the units with the largest errors.
type ranking struct {
	sizes      []float64 // Σ_b|dz| of each unit
	keys, work []uint32  // selection.Key of the sizes
}

var rankings = sync.Pool{New: func() any { return new(ranking) }}

// keep sets the errors [B,units] of all but the k largest units to zero.
func (r *ranking) keep(k int, errors []float32, units int) {
	r.rank(errors, units)
	r.work = append(r.work[:0], r.keys...)
	least := selection.KthLargest(r.work, k)
	for _, size := range r.keys {
		if size > least {
			k--
		}
	}
	for u, size := range r.keys { // k is now the number of kept units that equal the least
		switch {
		case size > least:
			continue
		case size == least && k > 0:
			k--
			continue
		}
		for i := u; i < len(errors); i += units {
			errors[i] = 0
		}
	}
}

// rank writes the key of each unit's summed |error|.
func (r *ranking) rank(errors []float32, units int) {
	r.sizes = slices.Grow(r.sizes[:0], units)[:units]
	clear(r.sizes)
	for lo := 0; lo < len(errors); lo += units {
		for u, e := range errors[lo : lo+units] {
			r.sizes[u] += max(float64(e), -float64(e))
		}
	}
	r.keys = r.keys[:0]
	for _, size := range r.sizes {
		r.keys = append(r.keys, selection.Key(float32(size)))
	}
}
