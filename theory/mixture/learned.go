package mixture

import (
	"context"
	"errors"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/internal/simd"
	"ergon/masks/ensemble"
)

// learned are paths of a single weight that a rule learns, whatever the rule does:
//
//	(w, z)(t+1) = Rule(w, z, G(t), u(t)),   w(0) = m0·v + √R·N(0, 1),   v ~ N(0, 1),
//
// with the gradient of [pull], what the rule remembers of the synapse z, and its random numbers u. All paths are one
// array, by which the rule's code steps, so that what a synapse knows of all others, the threshold of a competition
// or the length of the update, is a statistic of the paths. w is what the network computes with.
//
// How w(t) follows a push of -G(q) is told by [twin]s, whose steps take most of the time. So there is more than one
// such array: averages are over the paths of all, and the first one has twins.
type learned struct {
	*Problem
	pool   *parallel.Pool
	arrays []*ensemble.Ensemble // of equally many paths each
	signs  signs
	twins  []*twin
	pushes []float64   // [times] h·e
	known  [][]float64 // [3+times][paths of all] 1, v, the start, what ξ is made of; orthonormal
	w      [][]float32 // [times][paths of all]
	parts  []learnedPart
}

// arrays is how many arrays of paths there are. The noise of what they say falls as its root.
const arrays = 8

// learnedPart is space for a chunk of the paths.
type learnedPart struct {
	lo, hi   int
	rounded  []float32 // G, where the array has it
	weights  []float32 // w, where the array has them
	gradient []float64 // G
	sums     []float64
}

// newLearned returns paths at the start, so many in each array.
func newLearned(ctx context.Context, pool *parallel.Pool, p *Problem, paths int, seed uint64) (*learned, error) {
	lists, err := normals(ctx, pool, philox.New(seed, "mixture/weights"), len(p.Rates)+3, arrays*paths)
	if err != nil {
		return nil, err
	}
	l := &learned{Problem: p, pool: pool, signs: newSigns(philox.New(seed, "mixture/twins"), paths), known: lists}
	start := make([]float32, arrays*paths)
	for i := range start {
		start[i] = float32(p.M0*lists[1][i] + math.Sqrt(p.R)*lists[2][i])
	}
	l.w = append(l.w, start)
	for k := range arrays {
		one, err := ensemble.New(p.Rule, paths, philox.New(seed, "mixture/rule").Uint64(0, uint64(k)))
		if err != nil {
			return nil, err
		}
		copy(one.Weights(), start[k*paths:])
		l.arrays = append(l.arrays, one)
		for lo := 0; lo < paths; lo += block {
			hi := min(lo+block, paths)
			l.parts = append(l.parts, learnedPart{
				lo: k*paths + lo, hi: k*paths + hi, gradient: make([]float64, hi-lo),
				rounded: one.Gradient()[lo:hi], weights: one.Weights()[lo:hi],
			})
		}
	}
	return l, nil
}

// block is how many paths are worked on together: few enough to stay in cache. It does not depend on the
// number of cores, and sums over blocks are added in order.
const block = 2048

// learnedMemory returns how many bytes a path takes, at most, where a rule learns so many times.
func (p *Problem) learnedMemory(times float64) float64 {
	one, err := ensemble.New(p.Rule, 1, 0)
	if err != nil {
		return 0 // Validate says it
	}
	synapse := float64(one.Bytes())
	return arrays*((times+3)*8+times*4+8+synapse) + times*times/2*4 + times*(synapse+0.125)
}

// lesson is what a step has done to the paths.
type lesson struct {
	dissipation float64   // ⟨-Δw·G⟩
	distance    float64   // ⟨|w(t+1) - w(0)|⟩
	overlap     float64   // m(t+1)
	correlation []float64 // C(t+1, s), s ≤ t+1
	response    []float64 // R(t+1, s), s ≤ t
}

// step moves the paths on from time t.
func (l *learned) step(t int, act pull) (lesson, error) {
	square := l.each(func(part *learnedPart) { l.pull(part, t, act) })[0]
	push := l.push() * math.Sqrt(square)
	if push == 0 { // nothing pulls
		push = l.push()
	}
	l.pushes = append(l.pushes, push)
	if err := l.fork(); err != nil {
		return lesson{}, err
	}
	if err := l.learn(t, act.a); err != nil {
		return lesson{}, err
	}
	l.w = append(l.w, make([]float32, len(l.w[0])))
	sums := l.each(func(part *learnedPart) { l.observe(part, t) })
	return lesson{sums[0], sums[1], sums[2], sums[3:], l.responses()}, nil
}

// each calls body for each part of the paths, and returns the means of what they have summed.
func (l *learned) each(body func(part *learnedPart)) []float64 {
	l.pool.Run(len(l.parts), func(i int) {
		l.parts[i].sums = l.parts[i].sums[:0]
		body(&l.parts[i])
	})
	sums := make([]float64, len(l.parts[0].sums))
	for i := range l.parts {
		floats.Add(sums, l.parts[i].sums)
	}
	floats.Scale(1/float64(len(l.w[0])), sums)
	return sums
}

// pull computes G(t) of a part, and the sum of G².
func (l *learned) pull(part *learnedPart, t int, act pull) {
	g, lo, hi := part.gradient, part.lo, part.hi
	clear(g)
	for s, a := range act.a {
		for i, w := range l.w[s][lo:hi] {
			g[i] += a * float64(w)
		}
	}
	floats.AddScaled(g, act.mu, l.known[1][lo:hi])
	for s, f := range act.factor {
		floats.AddScaled(g, f, l.known[s+3][lo:hi])
	}
	for i, x := range g {
		part.rounded[i] = float32(x)
	}
	part.sums = append(part.sums, floats.Dot(g, g))
}

// learn makes the step of the rule, of all arrays and twins.
func (l *learned) learn(t int, a []float64) error {
	failures := make([]error, len(l.arrays)+len(l.twins))
	l.pool.Run(len(failures), func(i int) {
		if twin := i - len(l.arrays); twin >= 0 {
			failures[i] = l.twins[twin].step(a, l.arrays[0].Gradient(), float32(l.pushes[t]), l.signs)
		} else {
			failures[i] = l.arrays[i].Step()
		}
	})
	return errors.Join(failures...)
}

// observe computes of a part the sums of -Δw·G, |w(t+1) - w(0)|, w·v and w·w(s).
func (l *learned) observe(part *learnedPart, t int) {
	lo, hi := part.lo, part.hi
	next, before, start, v := l.w[t+1][lo:hi], l.w[t][lo:hi], l.w[0][lo:hi], l.known[1][lo:hi]
	copy(next, part.weights)
	var dissipation, distance, overlap float64
	for i, w := range next {
		dissipation -= (float64(w) - float64(before[i])) * part.gradient[i]
		distance += math.Abs(float64(w) - float64(start[i]))
		overlap += float64(w) * v[i]
	}
	part.sums = append(part.sums, dissipation, distance, overlap)
	for _, earlier := range l.w {
		product := 0.0
		for i, w := range earlier[lo:hi] {
			product += float64(w) * float64(next[i])
		}
		part.sums = append(part.sums, product)
	}
}

// twin is what the paths would have become had all gradients from a time q on been others: G(u) + hσe(u), u ≥ q, with
// e the standard deviation of G, and signs σ, one for each path, as many + as -. The rule's random numbers are the
// same, and gradients follow the twin's own past. Then
//
//	Σ_{q≤u<t} R(t, u)·e(u) = -⟨σ·(w'(t) - w(t))⟩/h + O(h²)
//
// whatever the rule, hard thresholds too: averaged over σ this is the central difference. Statistics of
// all synapses differ from those of the paths by O(h²), and what follows from that does not know σ.
//
// The push lasts, since gradients last. Of one time alone it would have to be small beside what is new in the gradient of
// that time: a weight that has come to rest just below a threshold would be pushed over it at each time, and be counted as
// often, while a field that lasts moves it once. What twins say adds up to the response to a field that lasts, whatever h.
type twin struct {
	*ensemble.Ensemble
	q     int
	apart [][]float32 // [t-q-1][paths] w'(t) - w(t)
}

// signs are σ of the paths that have twins.
type signs []uint64

// newSigns draws them: those of neighbours are opposite.
func newSigns(stream philox.Stream, paths int) signs {
	const even = 0x5555555555555555
	all := make([]uint64, (paths+63)/64)
	stream.Below(0, 0, philox.Threshold(0.5), all)
	for i, word := range all {
		all[i] = word&even | (^word&even)<<1
	}
	return all
}

// of returns σx of path i.
func (s signs) of(i int, x float32) float32 {
	if bit(s, i) {
		return x
	}
	return -x
}

// fork adds the twin whose gradients differ from now on.
func (l *learned) fork() error {
	forked, err := l.arrays[0].Fork()
	if err != nil {
		return err
	}
	l.twins = append(l.twins, &twin{Ensemble: forked, q: len(l.twins)})
	return nil
}

// step makes a step of the twin, given G of the paths and by how much it is pushed.
func (w *twin) step(a []float64, gradient []float32, push float32, signs signs) error {
	own := w.Gradient()
	for lo := 0; lo < len(own); lo += block {
		hi := min(lo+block, len(own))
		copy(own[lo:hi], gradient[lo:hi])
		for i, apart := range w.apart {
			simd.AddScaled(own[lo:hi], apart[lo:hi], float32(a[w.q+1+i]))
		}
		for i := lo; i < hi; i++ {
			own[i] += signs.of(i, push)
		}
	}
	return w.Step()
}

// answer notes how far the twin is from the paths, w(t+1), and returns ⟨σ·(w' - w)⟩.
func (w *twin) answer(paths []float32, signs signs) float64 {
	apart, sum := make([]float32, len(paths)), 0.0
	for i, other := range w.Weights() {
		apart[i] = other - paths[i]
		sum += float64(signs.of(i, apart[i]))
	}
	w.apart = append(w.apart, apart)
	return sum / float64(len(paths))
}

// responses returns R(t+1, q), q ≤ t.
func (l *learned) responses() []float64 {
	sums := make([]float64, len(l.twins)+1) // that of a twin which begins now is 0
	l.pool.Run(len(l.twins), func(q int) { sums[q] = l.twins[q].answer(l.arrays[0].Weights(), l.signs) })
	all := make([]float64, len(l.twins))
	for q, push := range l.pushes {
		all[q] = (sums[q+1] - sums[q]) / push
	}
	return all
}
