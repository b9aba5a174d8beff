package likelihood

import (
	"context"

	"ergon/graph/boltzmann"
	"ergon/internal/parallel"
)

// Exact computes by enumeration of one side's states, in time 2ⁿ·m for n enumerated and m other
// units. It takes one side of at most MostEnumerated units that are 0 or 1; units of the
// other may be of any kind. The zero value works on the caller's core alone.
type Exact struct {
	Pool     *parallel.Pool
	Progress func(done, total int) // of chunks; nil: nobody asks. It is called by one goroutine at a time
}

// LnZ returns ln Z = ln Σ_v,h e^-E(v,h), or ln ∫ for units with a density, to some 10⁻¹² of the
// largest term's logarithm. It is an error if neither side can be enumerated, or if the
// context ends before.
func (x *Exact) LnZ(ctx context.Context, m *boltzmann.Machine) (float64, error) {
	e, err := enumerate(m)
	if err != nil {
		return 0, err
	}
	sums, err := x.sums(ctx, e)
	if err != nil {
		return 0, err
	}
	all := newLogSum()
	for _, s := range sums {
		all.addSum(s)
	}
	return all.value(), nil
}

// sums returns the sum of the weights of each chunk's states.
func (x *Exact) sums(ctx context.Context, e *enumeration) ([]logSum, error) {
	sums := make([]logSum, e.chunks())
	err := each(ctx, x.Pool, len(sums), x.Progress, func(chunk int) {
		sum := newLogSum()
		e.walk(chunk, func(_ int, lnWeight float64) { sum.add(lnWeight) })
		sums[chunk] = sum
	})
	return sums, err
}
