package masks

import (
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Reference applies a rule in the obvious way: it writes out the mask M and
// the update ΔJ of the whole network, one formula after the other, and counts
// by looking. It is what Updater must equal: weights and M0 in every bit, M1
// but for the order of its sum.
type Reference struct {
	masks     []Mask
	presented Presentation
	optimizer Optimizer
	clip      Clip
	layers    int
	all       []*Synapses
	changes   []Change
	step      uint64
}

var _ G.Solver = (*Reference)(nil)

// NewReference makes the reference of a rule for a network.
func NewReference(rule Rule, net Network, seed uint64) (*Reference, error) {
	masks, err := newMasks(rule.Mask, net, seed)
	if err != nil {
		return nil, err
	}
	r := &Reference{masks: masks, clip: rule.Clip, layers: len(net.Layers), all: arrays(net.Layers)}
	var sizes []int
	for _, s := range r.all {
		sizes = append(sizes, s.In*s.Out)
	}
	r.optimizer = rule.Optimizer.New(sizes)
	return r, nil
}

// Step implements gorgonia.Solver.
func (r *Reference) Step(parameters []G.ValueGrad) error {
	for a, s := range r.all {
		g, err := parameters[a].Grad()
		if err != nil {
			return err
		}
		s.Weights = parameters[a].Value().(*tensor.Dense).Float32s()
		s.Gradient = g.(*tensor.Dense).Float32s()
	}
	step := Step{Number: r.step, Arrays: r.all, Presentation: r.presented}
	if err := draw(r.masks, &step); err != nil {
		return err
	}
	r.step++
	r.optimizer.Begin()

	// M ⊙ ∂L/∂J, through the optimizer.
	update := make([][]float32, len(r.all))
	for a, s := range r.all {
		update[a] = make([]float32, len(s.Weights))
		for i, keep := range r.mask(s) {
			if keep {
				update[a][i] = r.optimizer.Update(a, i, s.Gradient[i])
			}
		}
	}

	// clip
	scale := float32(1)
	if length := norm(update); length > r.clip.NormBound() {
		scale = float32(r.clip.NormBound() / length)
	}
	bound := r.clip.Bound()
	for _, delta := range update {
		for i := range delta {
			delta[i] *= scale
			if delta[i] > bound {
				delta[i] = bound
			}
			if delta[i] < -bound {
				delta[i] = -bound
			}
		}
	}

	// J ← J + ΔJ, and the count of it.
	r.changes = make([]Change, r.layers)
	for a, s := range r.all {
		for i, d := range update[a] {
			if d == 0 {
				continue
			}
			before := s.Weights[i]
			s.Weights[i] = before + d
			change := Change{M0: 1, M1: math.Abs(float64(d))}
			if s.Weights[i] != before {
				change.Stored = 1
			}
			r.changes[s.Layer].Add(change)
		}
	}
	return nil
}

// Present says what the next Step's gradients come from.
func (r *Reference) Present(p Presentation) { r.presented = p }

// Changes returns what the last step did to each layer.
func (r *Reference) Changes() []Change { return r.changes }

// mask writes out M for one array.
func (r *Reference) mask(s *Synapses) []bool {
	kept := make([]bool, len(s.Weights))
	for i := range kept {
		kept[i] = true
		for _, m := range r.masks {
			if !m.KeepsAll(s) && len(m.Select(s, i, i+1, nil)) == 0 {
				kept[i] = false
			}
		}
	}
	return kept
}

// norm returns the Euclidean length of all arrays as one vector. It adds chunk
// by chunk, since the scale that follows from it must be the Updater's to the bit.
func norm(arrays [][]float32) float64 {
	square := 0.0
	for _, a := range arrays {
		for part := range slices.Chunk(a, chunk) {
			sum := 0.0
			for _, x := range part {
				sum += float64(x) * float64(x)
			}
			square += sum
		}
	}
	return math.Sqrt(square)
}
