package mixture

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
)

// travel measures how far weights move: mean absolute changes, which second moments do
// not tell. It samples the paths of [weights] as they are: where the mask is 0 nothing
// changes.
type travel struct {
	*Problem
	parts  []*weights
	length float64 // Σ_t ⟨|Δw|⟩ so far
}

// newTravel returns paths at the start; chunks are not used by others.
func newTravel(ctx context.Context, pool *parallel.Pool, p *Problem, paths int, seed uint64) (*travel, error) {
	parts, err := startedWeights(ctx, pool, p, paths, seed)
	return &travel{Problem: p, parts: parts}, err
}

// pathRatios are what second moments do not tell of the paths at time t.
type pathRatios struct {
	ratio float64 // Σ⟨|Δw|⟩ of the steps so far over ⟨|w(t) - w(0)|⟩, 1 at the start
	shape float64 // ⟨|G(t)|⟩/√⟨G(t)²⟩
}

// step makes step t and returns what is known before it.
func (l *travel) step(pool *parallel.Pool, t int, act pull) pathRatios {
	sums := make([][]float64, len(l.parts))
	pool.Run(len(l.parts), func(i int) { sums[i] = l.parts[i].travel(l.Problem, t, act) })
	all := added(sums)
	d := pathRatios{ratio: l.length / all[0], shape: all[1] / math.Sqrt(all[2])}
	if all[0] == 0 {
		d.ratio = 1 // of so few changes that no path had one, hardly any hit a weight twice
	}
	l.length += all[3]
	return d
}

// travel makes step t and returns the means of |w(t) - w(0)|, |G|, G² and |Δw|.
func (w *weights) travel(p *Problem, t int, act pull) []float64 {
	w.pull(p, t, act)
	eta, next := p.rate(t), make([]float64, len(w.update))
	copy(next, w.w[t])
	sums := []float64{floats.Distance(next, w.w[0], 1), floats.Norm(w.gradient, 1), floats.Dot(w.gradient, w.gradient), 0}
	for i, u := range w.update {
		change := eta * float64(w.plastic[i]) * u
		next[i] -= change
		sums[3] += math.Abs(change)
	}
	w.w = append(w.w, next)
	floats.Scale(w.share, sums)
	return sums
}
