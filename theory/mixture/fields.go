package mixture

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// fields are paths of the field h(t) that an example sees. With ζ a Gaussian
// process of covariance C(t, s),
//
//	h = c·m + √Δ·g,   g(t) = ζ(t) - √Δ·Σ_{s<t} R(t, s)·s(s)·Λ'(s):
//
// what the example taught comes back to it. How h(t) follows a push of h(s) is
//
//	D(t, t) = 1,   D(t, s) = -Δ·Σ_{s≤u<t} R(t, u)·s(u)·Λ''(u)·D(u, s).
type fields struct {
	*Problem
	factor   cholesky // of C
	parts    []*fieldPart
	clusters []int // the first part of each cluster, and the end
}

// newFields returns paths for so many steps and one more, none computed yet.
func newFields(ctx context.Context, pool *parallel.Pool, p *Problem, paths int, seed uint64) (*fields, error) {
	f, times := &fields{Problem: p}, len(p.Rates)+1
	for k, c := range p.folded() {
		f.clusters = append(f.clusters, len(f.parts))
		n := int(math.Round(c.share * float64(paths)))
		lists, err := normals(ctx, pool, philox.New(seed, fmt.Sprintf("mixture/field/%d", k)), times, n)
		if err != nil {
			return nil, err
		}
		participation := philox.New(seed, fmt.Sprintf("mixture/participation/%d", k))
		for i := range parts(n) {
			lo, hi := part(n, i)
			one := newFieldPart(times, hi-lo)
			one.cluster, one.paths, one.participation, one.lo = c, n, participation, lo
			one.known = stretch(lists, lo, hi)
			f.parts = append(f.parts, one)
		}
	}
	f.clusters = append(f.clusters, len(f.parts))
	return f, nil
}

// kernels are what the fields say of the examples at time t, all per weight.
type kernels struct {
	loss   float64   // ⟨Λ⟩
	mu     float64   // μ = α⟨s·c·Λ'⟩
	gamma  []float64 // Γ(t, s) = αΔ⟨s(t)·Λ''(t)·D(t, s)⟩, s ≤ t
	forces []float64 // M_C(t, s) = αΔ⟨s(t)·Λ'(t)·s(s)·Λ'(s)⟩, s ≤ t
}

// step computes the paths at the next time t from the correlation C(t, s) and the
// response R(t, s).
func (f *fields) step(pool *parallel.Pool, t int, m float64, correlation, response []float64) kernels {
	f.factor.grow(correlation)
	sums := make([][]float64, len(f.parts))
	pool.Run(len(f.parts), func(i int) { sums[i] = f.parts[i].examine(f.Problem, t, m, f.factor[t], response) })
	fits := f.fits(sums)
	pool.Run(len(f.parts), func(i int) { sums[i] = append(sums[i][:2], f.parts[i].answer(f.Problem, t, response, fits[i])...) })
	for i, one := range f.parts {
		floats.Scale(one.share/float64(one.paths), sums[i])
	}
	all := added(sums)
	floats.Scale(f.Alpha, all[1:])
	floats.Scale(f.Delta, all[2:])
	return kernels{loss: all[0], mu: all[1], gamma: all[2 : t+3], forces: all[t+3:]}
}

// fits returns for each part how the noise of who takes part is fitted, within
// each cluster, from the sums of examine.
func (f *fields) fits(sums [][]float64) []fit {
	fits := make([]fit, len(f.parts))
	if f.B == 1 {
		return fits
	}
	for k, first := range f.clusters[:len(f.clusters)-1] {
		end := f.clusters[k+1]
		mean := added(sums[first:end])
		floats.Scale(1/float64(f.parts[first].paths), mean)
		for i := first; i < end; i++ {
			fits[i] = fitted(mean[3:], mean[2])
		}
	}
	return fits
}
