package stochastic

import (
	"ergon/internal/state"
	"ergon/masks"
)

// heterogeneous are stochastic synapses with a different σ each.
type heterogeneous struct {
	*noise
	synapses  []*masks.Synapses
	phi       [][]float32 // φ of each array
	errors    [][]float32 // ∂E/∂φ of the kept synapses, in the step in progress
	delta     [][]float32 // Δφ of each chunk, packed
	optimizer masks.Optimizer
}

var (
	_ masks.Transmission = (*heterogeneous)(nil)
	_ masks.Accounted    = (*heterogeneous)(nil)
	_ masks.Accumulating = (*heterogeneous)(nil)
	_ state.Stateful     = (*heterogeneous)(nil)
)

func newHeterogeneous(n *noise, net masks.Network, optimizer masks.OptimizerSpec, seed uint64) (m *heterogeneous, err error) {
	m = &heterogeneous{noise: n, synapses: masks.Arrays(net.Layers), phi: net.Zeros(), errors: net.Zeros(), delta: net.Zeros()}
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
	for a := range m.phi {
		for i, phi := range m.phi[a] {
			m.sigma[a][i] = m.table.sigma(phi)
		}
	}
}

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

// Learn implements Transmission.
func (m *heterogeneous) Learn(array, lo, hi int, kept []int32, all bool) {
	if !all {
		m.learnAt(array, lo, kept)
		return
	}
	phi, sigma, delta, errors := m.phi[array], m.sigma[array], m.delta[array][lo:hi], m.errors[array]
	for i := lo; i < hi; i++ {
		errors[i] = m.table.gradient(phi[i], m.loss[array][i], m.xi[array][i])
	}
	masks.UpdateSpan(m.optimizer, array, lo, errors[lo:hi], delta)
	for i, d := range delta {
		phi[lo+i] += d
		sigma[lo+i] = m.table.sigma(phi[lo+i])
	}
}

// learnAt updates φ and σ of the synapses kept of the chunk that begins at lo.
func (m *heterogeneous) learnAt(array, lo int, kept []int32) {
	phi, sigma, delta, errors := m.phi[array], m.sigma[array], m.delta[array][lo:lo+len(kept)], m.errors[array][lo:lo+len(kept)]
	for n, i := range kept {
		errors[n] = m.table.gradient(phi[i], m.loss[array][i], m.xi[array][i])
	}
	masks.UpdateAt(m.optimizer, array, kept, errors, delta)
	for n, i := range kept {
		phi[i] += delta[n]
		sigma[i] = m.table.sigma(phi[i])
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

// gradient returns ∂E/∂φ = g·ξ·dσ/dφ + d(cσ^-ρ)/dφ of one synapse, with g = ∂loss/∂w.
func (r *reliability) gradient(phi, g, xi float32) float32 {
	slope, costSlope := r.derivatives(phi)
	return float32(float64(g)*float64(xi)*slope + costSlope)
}
