package datasets

import (
	"fmt"
	"math"
	"strings"

	"ergon/internal/philox"
)

// Orders lists the orders of presentation that NewSampler knows.
//
//	shuffle      a fresh random permutation of the examples every epoch
//	replacement  every presentation uniform over all examples
//	sequential   0, 1, … n-1, every epoch
var Orders = []string{"shuffle", "replacement", "sequential"}

// Sampler says which examples a step presents. It is a pure function of
// (order, n, batch, seed, step), so a run resumes where it was by asking for
// the next step. An epoch is exactly n presentations: its last batch is short
// when batch does not divide n. A Sampler is for one goroutine.
type Sampler struct {
	order    string
	n, batch int
	stream   philox.Stream // "order"
	list     []int32       // [n] the epoch's order; for replacement [batch], this step's
	epoch    uint64        // that list holds, with shuffle
	drawn    bool          // list holds a permutation
}

// NewSampler returns a sampler over n examples in batches of the given size (of
// n, if that is smaller). It errs if the order is unknown or n or batch is not positive.
func NewSampler(order string, n, batch int, seed uint64) (*Sampler, error) {
	if n < 1 || n > math.MaxInt32 {
		return nil, fmt.Errorf("sampling from %d examples: want 1 to %d", n, math.MaxInt32)
	}
	if batch < 1 {
		return nil, fmt.Errorf("batch of %d examples: want at least 1", batch)
	}
	s := &Sampler{order: order, n: n, batch: min(batch, n), stream: philox.New(seed, "order")}
	switch order {
	case "shuffle":
		s.list = make([]int32, n)
	case "replacement":
		s.list = make([]int32, s.batch)
	case "sequential":
		s.list = make([]int32, n)
		for i := range s.list {
			s.list[i] = int32(i)
		}
	default:
		return nil, fmt.Errorf("unknown sampling order %q: want one of %s", order, strings.Join(Orders, ", "))
	}
	return s, nil
}

// StepsPerEpoch returns ceil(n/batch).
func (s *Sampler) StepsPerEpoch() int { return (s.n + s.batch - 1) / s.batch }

// StepsTo returns the number of steps after which at least so many presentations
// were made, the last batch of each epoch with as many as it has.
func (s *Sampler) StepsTo(presentations int) int {
	epochs, rest := presentations/s.n, presentations%s.n
	return epochs*s.StepsPerEpoch() + (rest+s.batch-1)/s.batch
}

// PresentedBy returns the number of presentations that so many steps make.
func (s *Sampler) PresentedBy(steps int) int {
	epochs, rest := steps/s.StepsPerEpoch(), steps%s.StepsPerEpoch()
	return epochs*s.n + rest*s.batch
}

// Batch returns the examples of a step, counted from 0 over all epochs. The
// slice is valid until the next call and must not be modified.
func (s *Sampler) Batch(step uint64) []int32 {
	epoch, within := step/uint64(s.StepsPerEpoch()), int(step%uint64(s.StepsPerEpoch()))
	from := within * s.batch
	to := min(from+s.batch, s.n)
	switch s.order {
	case "replacement":
		for i := range s.list[:to-from] {
			s.list[i] = int32(s.stream.Intn(step, uint64(i), s.n))
		}
		return s.list[:to-from]
	case "shuffle":
		if !s.drawn || epoch != s.epoch {
			s.stream.Shuffle(epoch, s.list)
			s.epoch, s.drawn = epoch, true
		}
	}
	return s.list[from:to:to]
}

// First returns the first example of a step, if it is known without drawing the order of another
// epoch. What Batch has returned stays valid.
func (s *Sampler) First(step uint64) (example int32, known bool) {
	epoch, within := step/uint64(s.StepsPerEpoch()), int(step%uint64(s.StepsPerEpoch()))
	switch s.order {
	case "replacement":
		return int32(s.stream.Intn(step, 0, s.n)), true
	case "shuffle":
		if !s.drawn || epoch != s.epoch {
			return 0, false
		}
	}
	return s.list[within*s.batch], true
}
