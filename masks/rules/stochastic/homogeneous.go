package stochastic

import (
	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// homogeneous are stochastic synapses that share one σ. ∂E/∂φ is the sum over the
// synapses kept, so it grows with their number; any optimizer but Adam needs a learning
// rate that is smaller by that factor.
type homogeneous struct {
	*noise
	phi       float32
	sigma     float32     // of φ
	shared    [][]float32 // σ of each array, where it was asked for
	first     []int       // of each array: number of its first chunk
	errors    []float64   // of each chunk: its terms of ∂E/∂φ
	learned   []bool      // of each chunk: whether any synapse of it was kept
	optimizer masks.Optimizer
}

var (
	_ masks.Transmission = (*homogeneous)(nil)
	_ masks.Accounted    = (*homogeneous)(nil)
	_ state.Stateful     = (*homogeneous)(nil)
)

func newHomogeneous(n *noise, optimizer masks.OptimizerSpec, seed uint64) (o *homogeneous, err error) {
	o = &homogeneous{
		noise: n, phi: float32(inverseSoftplus(n.Sigma)),
		errors: make([]float64, len(n.chunks)), learned: make([]bool, len(n.chunks)),
	}
	one := masks.Network{Layers: []masks.Layer{{In: 1, Out: 1}}} // φ counts as a single synapse
	if o.optimizer, err = optimizer.New(one, seed, "synapse/optimizer"); err != nil {
		return nil, err
	}
	for c, p := range n.chunks {
		if p.Lo == 0 {
			o.first = append(o.first, c)
		}
	}
	n.spread = o.spread
	o.sigma = o.table.sigma(o.phi)
	return o, nil
}

// spread adds σξ to μ.
func (o *homogeneous) spread(_, _ int, w, xi []float32) { simd.AddScaled(w, xi, o.sigma) }

// Deviations implements Transmission.
func (o *homogeneous) Deviations() [][]float32 {
	if o.shared == nil {
		o.shared = masks.Zeros(o.sizes)
	}
	for _, sigma := range o.shared {
		for i := range sigma {
			sigma[i] = o.sigma
		}
	}
	return o.shared
}

// State implements state.Stateful.
func (o *homogeneous) State(v state.Visitor) {
	phi := []float32{o.phi}
	v.Float32s("phi", phi)
	o.phi = phi[0]
	state.Under(v, "optimizer", o.optimizer)
	o.sigma = o.table.sigma(o.phi)
}

// Begin implements Transmission.
func (o *homogeneous) Begin(all []*masks.Synapses) {
	o.begin(all)
	o.optimizer.Begin()
	clear(o.errors)
	clear(o.learned)
}

// Traffic implements Accounted: of the one φ of the network nothing is counted.
func (*homogeneous) Traffic(masks.Usage) (none masks.Traffic) { return none }

// Learn implements Transmission.
func (o *homogeneous) Learn(array, lo, hi int, kept []int32, all bool) {
	g, xi, count := o.loss[array], o.xi[array], len(kept)
	slope, costSlope := o.table.derivatives(o.phi)
	sum := 0.0 // Σ gξ
	if all {
		count = hi - lo
		for i := lo; i < hi; i++ {
			sum += float64(g[i]) * float64(xi[i])
		}
	} else {
		for _, i := range kept {
			sum += float64(g[i]) * float64(xi[i])
		}
	}
	c := o.first[array] + lo/masks.ChunkSize
	o.errors[c], o.learned[c] = float64(sum*slope)+float64(float64(count)*costSlope), count > 0
}

// End implements Transmission.
func (o *homogeneous) End() {
	sum, learned := 0.0, false
	for c, e := range o.errors { // in order, for the same bits on any number of cores
		sum += e
		learned = learned || o.learned[c]
	}
	if learned {
		o.phi += o.optimizer.Update(0, 0, float32(sum))
		o.sigma = o.table.sigma(o.phi)
	}
}
