package stochastic

import (
	"sync"

	"ergon/internal/simd"
	"ergon/internal/state"
	"ergon/masks"
)

// heterogeneous are stochastic synapses with a different σ each.
type heterogeneous struct {
	*noise
	synapses  []*masks.Synapses
	phi       [][]float32 // φ of each array
	sigma     [][]float32 // σ of each array
	optimizer masks.Optimizer
}

var (
	_ masks.Transmission = (*heterogeneous)(nil)
	_ masks.Accounted    = (*heterogeneous)(nil)
	_ masks.Accumulating = (*heterogeneous)(nil)
	_ state.Stateful     = (*heterogeneous)(nil)
)

func newHeterogeneous(n *noise, net masks.Network, optimizer masks.OptimizerSpec, seed uint64) (m *heterogeneous, err error) {
	m = &heterogeneous{noise: n, synapses: masks.Arrays(net.Layers), phi: net.Zeros(), sigma: net.Zeros()}
	n.spread = m.spread
	if m.optimizer, err = optimizer.New(net, seed, "synapse/optimizer"); err != nil {
		return nil, err
	}
	phi := float32(inverseSoftplus(n.Sigma))
	for a := range m.phi {
		for i := range m.phi[a] {
			m.phi[a][i] = phi
		}
	}
	m.deviate()
	return m, nil
}

// deviate gives every synapse the σ of its φ.
func (m *heterogeneous) deviate() {
	for a, phi := range m.phi {
		m.table.sigmas(m.sigma[a], phi)
	}
}

// spread adds σξ to μ of the synapses from lo on.
func (m *heterogeneous) spread(array, lo int, w, xi []float32) {
	simd.AddProducts(w, m.sigma[array][lo:], xi)
}

// Deviations implements Transmission.
func (m *heterogeneous) Deviations() [][]float32 { return m.sigma }

// State implements state.Stateful: ξ is drawn again in each step.
func (m *heterogeneous) State(v state.Visitor) {
	state.Float32Arrays(v, "phi", m.phi)
	state.Under(v, "optimizer", m.optimizer)
	m.deviate()
}

// Begin implements Transmission.
func (m *heterogeneous) Begin(all []*masks.Synapses) {
	m.begin(all)
	m.optimizer.Begin()
}

// scratch is a worker's buffers: φ, g, ξ and ∂E/∂φ of kept synapses side by side, and Δφ.
type scratch struct{ phi, loss, xi, errors, delta [few]float32 }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// Learn implements Transmission.
func (m *heterogeneous) Learn(array, lo, hi int, kept []int32, all bool) {
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	if all {
		for ; lo < hi; lo += few {
			m.learnSpan(array, lo, min(lo+few, hi), work)
		}
		return
	}
	for ; len(kept) > few; kept = kept[few:] {
		m.learnAt(array, kept[:few], work)
	}
	m.learnAt(array, kept, work)
}

// learnSpan updates φ and σ of few synapses.
func (m *heterogeneous) learnSpan(array, lo, hi int, work *scratch) {
	phi, errors, delta := m.phi[array][lo:hi], work.errors[:hi-lo], work.delta[:hi-lo]
	m.table.gradients(errors, phi, m.loss[array][lo:hi], m.xi[array][lo:hi])
	masks.UpdateSpan(m.optimizer, array, lo, errors, delta)
	simd.AddScaled(phi, delta, 1)
	m.table.sigmas(m.sigma[array][lo:hi], phi)
}

// learnAt updates φ and σ of few kept synapses.
func (m *heterogeneous) learnAt(array int, kept []int32, work *scratch) {
	n := len(kept)
	phi, loss, xi, errors, delta := work.phi[:n], work.loss[:n], work.xi[:n], work.errors[:n], work.delta[:n]
	for k, i := range kept {
		phi[k], loss[k], xi[k] = m.phi[array][i], m.loss[array][i], m.xi[array][i]
	}
	m.table.gradients(errors, phi, loss, xi)
	masks.UpdateAt(m.optimizer, array, kept, errors, delta)
	simd.AddScaled(phi, delta, 1)
	m.table.sigmas(xi, phi)
	for k, i := range kept {
		m.phi[array][i], m.sigma[array][i] = phi[k], xi[k]
	}
}

// Traffic implements Accounted. φ of every synapse is read to transmit; that of those kept
// is read and written to learn, with what the optimizer remembers of it. ξ is drawn again
// rather than kept, and what was transmitted is there for the backward pass, as
// activities are.
func (m *heterogeneous) Traffic(u masks.Usage) masks.Traffic {
	t := masks.Traffic{Reads: u.Synapses + u.Kept, Writes: u.Kept}
	if o, ok := m.optimizer.(masks.Accounted); ok {
		t.Add(o.Traffic(u))
	}
	return t
}

// Accumulated implements Accumulating: φ of each synapse kept, with what the optimizer remembers of it. The
// amount is not counted: φ is in other units than weights.
func (m *heterogeneous) Accumulated(u masks.Usage) masks.Accumulation {
	a := masks.Accumulation{Updates: u.Kept}
	if o, ok := m.optimizer.(masks.Accumulating); ok {
		a.Updates += o.Accumulated(u).Updates
	}
	return a
}

// Bits implements Accumulating.
func (m *heterogeneous) Bits(layer int) int64 {
	bits := masks.BitsOf(m.synapses, layer, 1)
	if o, ok := m.optimizer.(masks.Accumulating); ok {
		bits += o.Bits(layer)
	}
	return bits
}

// End implements Transmission.
func (*heterogeneous) End() {}
