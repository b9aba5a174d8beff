package mixture

import (
	"context"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// moments are the order parameters of weights that are clipped, averages over
// paths: m = ⟨w·v⟩, C = ⟨w·w⟩, and R from how a path follows a push of -G(s). With
// χ(t) = 1 where the gradient is not clipped and 0 where it is,
//
//	r(t+1, t) = η·M(t)·χ(t),   r(t+1, s) = r(t, s) - η·M(t)·χ(t)·Σ_{s<u≤t} A(t, u)·r(u, s).
//
// The mask's part in a step, M·clip(G) = p·clip(G) + ε, is fitted: see [fit]. That
// gives a path a little of ε where its mask is 0.
type moments struct {
	*Problem
	parts []*momentPart
}

// momentPart is a chunk of the paths. What is known of them has, after the lists of
// weights, ε of each step so far.
type momentPart struct {
	*weights
	responses [][][]float32 // [s][t-s-1][paths] r(t, s)
}

// newMoments returns paths at the start.
func newMoments(ctx context.Context, pool *parallel.Pool, p *Problem, paths int, seed uint64) (*moments, error) {
	parts, err := startedWeights(ctx, pool, p, paths, seed)
	m := &moments{Problem: p}
	for _, one := range parts {
		m.parts = append(m.parts, &momentPart{one, make([][][]float32, len(p.Rates)+1)})
	}
	return m, err
}

// motion is what the paths say of a step.
type motion struct {
	change      float64   // ⟨|clip(G)|⟩
	dissipation float64   // ⟨clip(G)·G⟩
	overlap     float64   // m(t+1)
	correlation []float64 // C(t+1, s), s ≤ t+1
	loose       []float64 // ⟨χ(t)·Σ_u A(t, u)·r(u, s)⟩, s < t, and ⟨χ(t)⟩
}

// step moves the paths on from time t.
func (m *moments) step(pool *parallel.Pool, t int, act pull) motion {
	sums := make([][]float64, len(m.parts))
	pool.Run(len(m.parts), func(i int) { sums[i] = m.parts[i].pulled(m.Problem, t, act) })
	pulled := added(sums)
	var noise fit
	if m.P < 1 {
		noise = fitted(pulled[3:], m.P*(1-m.P)*pulled[2])
	}
	pool.Run(len(m.parts), func(i int) { sums[i] = m.parts[i].step(m.Problem, t, act, noise) })
	moved := added(sums)
	return motion{pulled[0], pulled[1], moved[0], moved[1 : t+3], moved[t+3:]}
}

// pulled returns the means of |clip(G)|, clip(G)·G and clip(G)², and of the
// products of ε.
func (m *momentPart) pulled(p *Problem, t int, act pull) []float64 {
	m.pull(p, t, act)
	sums := []float64{floats.Norm(m.update, 1), floats.Dot(m.update, m.gradient), floats.Dot(m.update, m.update)}
	if p.P < 1 {
		noise := make([]float64, len(m.update))
		for i, u := range m.update {
			noise[i] = (float64(m.plastic[i]) - p.P) * u
		}
		sums = append(sums, products(noise, m.known)...)
		m.known = append(m.known, noise)
	}
	floats.Scale(m.share, sums)
	return sums
}

// step makes step t and returns the means of motion from overlap on.
func (m *momentPart) step(p *Problem, t int, act pull, noise fit) []float64 {
	next := make([]float64, len(m.update))
	copy(next, m.w[t])
	floats.AddScaled(next, -p.rate(t)*p.P, m.update)
	if p.P < 1 {
		last := len(m.known) - 1
		noise.apply(m.known[last], m.known[:last])
		floats.AddScaled(next, -p.rate(t)*noise.root, m.known[last])
	}
	m.w = append(m.w, next)
	sums := []float64{floats.Dot(next, m.known[1])}
	for _, earlier := range m.w {
		sums = append(sums, floats.Dot(next, earlier))
	}
	for s := range t {
		sums = append(sums, m.follow(t, s, float32(p.rate(t)), act.a))
	}
	sums = append(sums, m.begin(t, float32(p.rate(t))))
	floats.Scale(m.share, sums)
	return sums
}

// follow computes r(t+1, s) and returns the sum of χ·Σ_u A(t, u)·r(u, s).
func (m *momentPart) follow(t, s int, eta float32, a []float64) (sum float64) {
	next, before := make([]float32, len(m.loose)), m.responses[s][t-s-1]
	for u := s + 1; u <= t; u++ {
		simd.AddScaled(next, m.responses[s][u-s-1], float32(a[u]))
	}
	for i, x := range next {
		x *= m.loose[i]
		sum += float64(x)
		next[i] = before[i] - m.plastic[i]*eta*x
	}
	m.responses[s] = append(m.responses[s], next)
	return sum
}

// begin computes r(t+1, t) and returns the sum of χ.
func (m *momentPart) begin(t int, eta float32) (sum float64) {
	first := make([]float32, len(m.loose))
	for i, x := range m.loose {
		sum += float64(x)
		first[i] = m.plastic[i] * eta * x
	}
	m.responses[t] = append(m.responses[t], first)
	return sum
}
