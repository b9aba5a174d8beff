package mixture

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/internal/simd"
)

// fieldPart is a chunk of the paths of one cluster.
type fieldPart struct {
	cluster
	paths         int // of the cluster
	lo            int // number of the first path in it
	participation philox.Stream

	known [][]float64   // [1+times+steps][paths] 1, what ζ is made of, the noise of who took part; orthonormal
	force [][]float64   // [times][paths] s·Λ'
	soft  [][][]float32 // [s][u-s][paths] s·Λ''(u)·D(u, s)

	active, join, stay []uint64  // a bit a path: s(t), and what it would be had s been 0 or 1
	chance             []float64 // ⟨s(t)⟩, which s(t-1) decides
	field, second      []float64 // h(t), Λ''
}

func newFieldPart(times, n int) *fieldPart {
	f := &fieldPart{
		force: make([][]float64, times), soft: make([][][]float32, times),
		active: make([]uint64, (n+63)/64), join: make([]uint64, (n+63)/64), stay: make([]uint64, (n+63)/64),
		chance: make([]float64, n), field: make([]float64, n), second: make([]float64, n),
	}
	for t := range times {
		f.force[t] = make([]float64, n)
		f.soft[t] = make([][]float32, 0, times-t)
	}
	return f
}

// examine computes h(t), ⟨s⟩Λ' and Λ”, and the noise of s·Λ'. It returns the sums of
// Λ, c·s·Λ' and the square of the noise, all averaged over s(t), and the noise's products.
func (f *fieldPart) examine(p *Problem, t int, m float64, factor, response []float64) []float64 {
	f.settle(p, t, m, factor, response)
	f.draw(p, t)
	sums := make([]float64, 3)
	noise := make([]float64, len(f.field))
	for i, h := range f.field {
		value, first, second := p.example(f.y, h)
		expected := f.chance[i] * first
		sums[0] += value
		sums[1] += f.c * expected
		sums[2] += expected * (first - expected)
		f.force[t][i], f.second[i], noise[i] = expected, second, -expected
		if bit(f.active, i) {
			noise[i] += first
		}
	}
	if p.B == 1 {
		return sums
	}
	sums = append(sums, products(noise, f.known)...)
	f.known = append(f.known, noise)
	return sums
}

// settle computes h(t).
func (f *fieldPart) settle(p *Problem, t int, m float64, factor, response []float64) {
	clear(f.field)
	for s, l := range factor {
		floats.AddScaled(f.field, l, f.known[s+1])
	}
	feedback := math.Sqrt(p.Delta)
	for s, r := range response {
		floats.AddScaled(f.field, -feedback*r, f.force[s])
	}
	floats.Scale(feedback, f.field)
	floats.AddConst(f.c*m, f.field)
}

// draw draws who takes part in step t, and notes with what chance it was.
func (f *fieldPart) draw(p *Problem, t int) {
	join, leave := p.B, 1-p.B
	if t > 0 {
		join, leave = p.turnover(t - 1)
	}
	for i := range f.chance {
		f.chance[i] = join
		if bit(f.active, i) {
			f.chance[i] = 1 - leave
		}
	}
	word := uint64(f.lo) / 64
	f.participation.Below(uint64(t), word, philox.Threshold(join), f.join)
	f.participation.Below(uint64(t), word, philox.Threshold(1-leave), f.stay)
	for i, was := range f.active {
		f.active[i] = was&f.stay[i] | ^was&f.join[i]
	}
}

// answer fits the noise of s·Λ', computes s·Λ”·D(t, s), and returns the sums for
// Γ(t, ·), averaged over s(t), and M_C(t, ·).
func (f *fieldPart) answer(p *Problem, t int, response []float64, noise fit) []float64 {
	if p.B < 1 {
		last := len(f.known) - 1
		noise.apply(f.known[last], f.known[:last])
		floats.AddScaled(f.force[t], noise.root, f.known[last])
	}
	sums := make([]float64, 0, 2*t+2)
	for s := range t + 1 {
		pushed := f.pushed(p, t, s, response)
		sums = append(sums, f.soften(pushed))
		f.soft[s] = append(f.soft[s], pushed)
	}
	for _, earlier := range f.force[:t+1] {
		sums = append(sums, floats.Dot(f.force[t], earlier))
	}
	return sums
}

// pushed returns D(t, s).
func (f *fieldPart) pushed(p *Problem, t, s int, response []float64) []float32 {
	pushed := make([]float32, len(f.field))
	if s == t {
		for i := range pushed {
			pushed[i] = 1
		}
	}
	for u := s; u < t; u++ {
		simd.AddScaled(pushed, f.soft[s][u-s], float32(-p.Delta*response[u]))
	}
	return pushed
}

// soften turns D(t, s) into s·Λ”(t)·D(t, s) and returns the sum of ⟨s⟩Λ”·D.
func (f *fieldPart) soften(pushed []float32) (sum float64) {
	for i, d := range pushed {
		second := f.second[i]
		sum += f.chance[i] * second * float64(d)
		pushed[i] = 0
		if bit(f.active, i) {
			pushed[i] = float32(second) * d
		}
	}
	return sum
}

// bit returns bit i of a list of words.
func bit(words []uint64, i int) bool { return words[i/64]>>(i%64)&1 == 1 }
