package ridge

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/theory"
)

// synapseProcess samples the gradients of synapses as [Ridge.synapses] states, in units of
// √⟨G(t)²⟩ at each t, so that decaying gradients keep their digits.
type synapseProcess struct {
	*Ridge
	scale       []float64   // √⟨G(t)²⟩
	field       [][]float64 // [t][s ≤ t], γ(t) = Σ_s field·N(0,1)
	feedback    [][]float64 // [t][s < t], -η·K(t-1-s)
	noise, mask philox.Stream
}

// process returns the process for steps of these ⟨G²⟩.
func (r *Ridge) process(ctx context.Context, squares []float64) (*synapseProcess, error) {
	n := len(squares)
	p := &synapseProcess{
		Ridge: r, scale: make([]float64, n), field: make([][]float64, n), feedback: make([][]float64, n),
		noise: philox.New(0, "ridge/synapse/field"), mask: philox.New(0, "ridge/synapse/mask"),
	}
	for t, square := range squares {
		p.scale[t] = math.Sqrt(square)
	}
	kernels := r.kernels(n)
	err := theory.Parallel(ctx, n, func(t int) {
		p.field[t], p.feedback[t] = make([]float64, t+1), make([]float64, t)
		for s := range t + 1 {
			p.field[t][s] = kernels.covariance(squares, t, s) / (p.scale[t] * p.scale[s])
		}
		for s := range t {
			p.feedback[t][s] = -r.LearningRate * kernels.back[t-1-s] * p.scale[s] / p.scale[t]
		}
	})
	if err != nil {
		return nil, err
	}
	return p, factorise(ctx, p.field)
}

// factorise replaces the lower triangle of a covariance by its Cholesky factor.
// A field that earlier ones determine up to rounding gets a little noise of its own.
func factorise(ctx context.Context, rows [][]float64) error {
	for t, row := range rows {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		least := 1e-14 * row[t]
		for s := range t {
			row[s] = (row[s] - floats.Dot(row[:s], rows[s][:s])) / rows[s][s]
		}
		row[t] = math.Sqrt(max(row[t]-floats.Dot(row[:t], row[:t]), least))
	}
	return nil
}

// kernels are the means over modes that a synapse's process needs.
type kernels struct {
	start    []float64 // [2·steps], ⟨(x+λ)²aᵗS(0)⟩
	square   []float64 // [2·steps], ⟨(x+λ)²aᵗ⟩
	back     []float64 // [2·steps], K(t) = ⟨(x+λ)aᵗ⟩
	variance float64   // η²p(1-p)
}

func (r *Ridge) kernels(steps int) *kernels {
	m := r.modes()
	k := &kernels{make([]float64, 2*steps), make([]float64, 2*steps), make([]float64, 2*steps), m.variance}
	for t := range k.back {
		for i, weight := range m.Weight {
			back := weight * m.rate[i] * m.power[i]
			k.back[t] += back
			k.square[t] += back * m.rate[i]
			k.start[t] += back * m.rate[i] * m.start[i]
			m.power[i] *= m.keep[i]
		}
	}
	return k
}

// covariance returns ⟨γ(t)γ(s)⟩, s ≤ t.
func (k *kernels) covariance(squares []float64, t, s int) float64 {
	others := 0.0
	for u := range s {
		others += squares[u] * (k.square[t+s-2-2*u] - k.back[t-1-u]*k.back[s-1-u])
	}
	return k.start[t+s] + k.variance*others
}

// follow samples one part of the synapses and returns their sums.
func (p *synapseProcess) follow(ctx context.Context, part int) *synapseSums {
	n, first := len(p.scale), uint64(part*synapsesAtOnce)
	sums, noise, own := newSynapseSums(n), theory.NewMatrix(n, synapsesAtOnce), theory.NewMatrix(n, synapsesAtOnce)
	drawn, plastic := make([]float32, synapsesAtOnce), make([]uint64, synapsesAtOnce/64)
	rows, threshold := theory.NewMatrix(3, synapsesAtOnce), philox.Threshold(p.P)
	g, displacement, way := rows[0], rows[1], rows[2]
	for t := range n {
		if ctx.Err() != nil {
			return sums
		}
		p.noise.Normals(uint64(t), first, drawn)
		p.mask.Below(uint64(t), first/64, threshold, plastic)
		for i, x := range drawn {
			noise[t][i] = float64(x)
		}
		p.gradient(t, noise, own, g)
		for i, gi := range g {
			sums.observe(t, gi)
			sums.displacement[t] += math.Abs(displacement[i])
			sums.way[t] += way[i]
			mask := float64(plastic[i/64] >> (i % 64) & 1)
			own[t][i] = (mask - p.P) * gi
			displacement[i] += mask * gi * p.scale[t]
			way[i] += mask * math.Abs(gi) * p.scale[t]
		}
	}
	return sums
}

// gradient writes the gradients at t into g, given the noise up to t and the masks'
// effects before t.
func (p *synapseProcess) gradient(t int, noise, own [][]float64, g []float64) {
	clear(g)
	for s, factor := range p.field[t] {
		floats.AddScaled(g, factor, noise[s])
	}
	for s, echo := range p.feedback[t] {
		floats.AddScaled(g, echo, own[s])
	}
}
