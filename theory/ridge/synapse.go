package ridge

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

const (
	synapsesFollowed = 1 << 16
	synapsesAtOnce   = 256
)

// synapses returns for each step, given its ⟨G²⟩: shape, ⟨|G|⟩/√⟨G²⟩ over synapses, and
// straight, ⟨|w(t)-w(0)|⟩ over the sum of all ⟨|Δw|⟩ before.
//
// All is Gaussian except for the effect of a synapse on itself. Beside the mean step
// -ηp·G a synapse makes -η(M-p)·G, which returns to its own gradient τ + 1 steps later
// with the weight K(τ) = ⟨(x+λ)a^τ⟩:
//
//	G(t) = γ(t) - η·Σ_{s<t} K(t-1-s)·(M(s)-p)·G(s).
//
// The masks of other synapses contribute a sum of many small parts, so that γ is Gaussian,
//
//	⟨γ(t)γ(t')⟩ = ⟨(x+λ)²·a^{t+t'}·S(0)⟩
//	            + η²p(1-p)·Σ_{s<t,t'} [⟨(x+λ)²·a^{t+t'-2-2s}⟩ - K(t-1-s)·K(t'-1-s)]·⟨G(s)²⟩,
//
// and G is a mixture of Gaussians over the masks so far. It is sampled, with the same
// random numbers each time; ⟨G²⟩, which is known exactly, serves as control variate.
func (r *Ridge) synapses(ctx context.Context, squares []float64) (shape []theory.Estimate, straight []float64, err error) {
	moving := len(squares)
	for moving > 0 && squares[moving-1] < 1e-290 {
		moving-- // gradients of zero have no shape
	}
	sums, err := r.follow(ctx, squares[:moving])
	if err != nil {
		return nil, nil, err
	}
	shape, straight = make([]theory.Estimate, len(squares)), make([]float64, len(squares))
	for t := range squares {
		shape[t].Value, straight[t] = theory.MeanAbsNormal, 1 // exactly, at the first step
		if last := min(t, moving-1); last > 0 {
			shape[t], straight[t] = sums.shape(last), sums.displacement[last]/sums.way[last]
		}
	}
	return shape, straight, nil
}

// follow samples the synapses in parts, on all cores.
func (r *Ridge) follow(ctx context.Context, squares []float64) (*synapseSums, error) {
	process, err := r.process(ctx, squares)
	if err != nil {
		return nil, err
	}
	parts := make([]*synapseSums, synapsesFollowed/synapsesAtOnce)
	done := theory.ProgressCounter(ctx, len(parts))
	err = theory.Parallel(ctx, len(parts), func(part int) {
		parts[part] = process.follow(ctx, part)
		done()
	})
	if err != nil {
		return nil, err
	}
	total := newSynapseSums(len(squares))
	for _, part := range parts {
		total.add(part)
	}
	return total, nil
}

// synapseSums are sums over the synapses followed, at each step.
type synapseSums struct {
	powers            [4][]float64 // |G|, …, |G|⁴, in units of √⟨G²⟩
	displacement, way []float64    // |w(t)-w(0)| and the sum of |Δw| before, over η
}

func newSynapseSums(steps int) *synapseSums {
	rows := theory.NewMatrix(6, steps)
	return &synapseSums{[4][]float64(rows), rows[4], rows[5]}
}

func (s *synapseSums) add(other *synapseSums) {
	for power := range s.powers {
		floats.Add(s.powers[power], other.powers[power])
	}
	floats.Add(s.displacement, other.displacement)
	floats.Add(s.way, other.way)
}

// observe enters a gradient at t.
func (s *synapseSums) observe(t int, g float64) {
	size, square := math.Abs(g), g*g
	s.powers[0][t] += size
	s.powers[1][t] += square
	s.powers[2][t] += size * square
	s.powers[3][t] += square * square
}

// shape estimates ⟨|G|⟩ at t with G² as control variate, whose mean is 1. Where a few
// synapses with large gradients make up most of ⟨G²⟩, this reduces the error only a little.
func (s *synapseSums) shape(t int) theory.Estimate {
	var mean [4]float64
	for power, sums := range s.powers {
		mean[power] = sums[t] / synapsesFollowed
	}
	shared := mean[2] - mean[0]*mean[1]
	slope := shared / (mean[3] - mean[1]*mean[1])
	variance := mean[1] - mean[0]*mean[0] - slope*shared
	return theory.Estimate{Value: mean[0] - slope*(mean[1]-1), StandardError: math.Sqrt(variance / synapsesFollowed)}
}
