// Package reference applies a learning rule in the obvious way, one formula after the
// other:
//
//	ΔJ = -η clip(M ⊙ ∂L/∂J)
//
// Every other implementation must equal it.
package reference

import (
	"math"
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/masks"
)

// Updater applies a rule to a network. It forms the mask M and the update ΔJ of the
// whole network, and counts changes by comparing weights. cpu.Updater and
// device.Updater must leave the same weights and M0 in every bit, and the same M1 up
// to the order of its sum.
type Updater struct {
	masks        []masks.Mask
	presented    masks.Presentation
	optimizer    masks.Optimizer
	clip         masks.Limits
	layers       int // of synapses
	all          []*masks.Synapses
	changes      []masks.Change     // of each layer, by the last step
	memory       masks.Memory       // of the cache; nil without one
	transmission masks.Transmission // nil without stochastic synapses
	step         uint64
}

var _ G.Solver = (*Updater)(nil)

// NewUpdater makes the reference updater of a rule for a network. It fails if the rule
// does not fit the network.
func NewUpdater(rule masks.Rule, net masks.Network, seed uint64) (r *Updater, err error) {
	r = &Updater{layers: len(net.Layers), all: masks.Arrays(net.Layers)}
	if r.clip, err = rule.Limits(net); err != nil {
		return nil, err
	}
	if r.masks, err = rule.NewMasks(net, seed); err != nil {
		return nil, err
	}
	if r.optimizer, err = rule.NewOptimizer(net, seed); err != nil {
		return nil, err
	}
	if r.transmission, err = rule.NewTransmission(net, seed, nil); err != nil {
		return nil, err
	}
	if cache, ok := rule.Cache.(masks.WrittenOut); ok {
		r.memory = cache.WriteOut(r.all)
	} else {
		r.memory = rule.Cache.New(r.all, nil)
	}
	return r, nil
}

// Step implements gorgonia.Solver: it changes the weights in place. Parameters come
// in the order of masks.Arrays.
func (r *Updater) Step(parameters []G.ValueGrad) error {
	for a, s := range r.all {
		if _, _, err := s.Bind(a, parameters[a], false); err != nil {
			return err
		}
	}
	if r.memory != nil && r.memory.Permanent() == nil {
		r.memory.Start()
	}
	if r.transmission != nil {
		r.transmission.Begin(r.all)
	}
	step := masks.Step{Number: r.step, Arrays: r.all, Presentation: r.presented}
	if err := masks.Draw(r.masks, &step); err != nil {
		return err
	}
	r.step++
	r.optimizer.Begin()

	// M ⊙ ∂L/∂J, through the optimizer.
	update := make([][]float32, len(r.all))
	for a, s := range r.all {
		update[a] = make([]float32, len(s.Weights))
		mask := r.mask(s)
		for i, keep := range mask {
			if keep {
				update[a][i] = r.optimizer.Update(a, i, s.Gradient[i])
			}
		}
		if r.transmission != nil {
			learn(r.transmission, a, mask)
		}
	}
	if r.transmission != nil {
		r.transmission.End()
	}

	// clip
	scales := r.scales(update)
	for a, delta := range update {
		layer := r.all[a].Layer
		scale, bound := scales[layer], r.clip.Value[layer]
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
	r.changes = make([]masks.Change, r.layers)
	for a, s := range r.all {
		for i, d := range update[a] {
			if d == 0 {
				continue
			}
			before := s.Weights[i]
			s.Weights[i] = before + d
			change := masks.Change{M0: 1, M1: math.Abs(float64(d))}
			if s.Weights[i] != before {
				change.Stored = 1
			}
			r.changes[s.Layer].Add(change)
		}
	}
	r.consolidate(max(1, r.presented.Batch))
	r.presented = masks.Presentation{}
	return nil
}

// Rest replaces Step if the gate kept out every presentation: nothing is updated, but
// time passes.
func (r *Updater) Rest(presentations int) {
	r.changes = make([]masks.Change, r.layers)
	r.step++
	r.consolidate(presentations)
}

// consolidate lets the cache consolidate the changes of the step.
func (r *Updater) consolidate(presentations int) {
	if r.memory != nil {
		r.memory.Consolidate(presentations, r.changes)
	}
}

// Present announces the batch of which the next Step's gradients are.
func (r *Updater) Present(p masks.Presentation) { r.presented = p }

// Changes returns what the last step did to each layer.
func (r *Updater) Changes() []masks.Change { return r.changes }

// Memory returns the cache's memory of the synapses; nil if every change is permanent
// at once.
func (r *Updater) Memory() masks.Memory { return r.memory }

// Transmit replaces weights, array by array, by what the synapses transmit in the
// next step. Call Restore before Step.
func (r *Updater) Transmit(weights [][]float32) {
	if r.transmission != nil {
		r.transmission.Transmit(weights, r.step)
	}
}

// Restore puts back the weights that Transmit has replaced.
func (r *Updater) Restore(weights [][]float32) {
	if r.transmission != nil {
		r.transmission.Restore(weights)
	}
}

// Transmission returns the transmission of the synapses; nil if they transmit their
// weights.
func (r *Updater) Transmission() masks.Transmission { return r.transmission }

// mask returns M of one array: the intersection of all masks.
func (r *Updater) mask(s *masks.Synapses) []bool {
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

// scales returns the factor by which the clip by norm multiplies each layer's update.
func (r *Updater) scales(update [][]float32) []float32 {
	scales := make([]float32, r.layers)
	for l := range scales {
		var vector [][]float32 // the update vector that the layer belongs to
		for a, s := range r.all {
			if s.Layer == l || !r.clip.PerLayer {
				vector = append(vector, update[a])
			}
		}
		scales[l] = 1
		if length := norm(vector); length > r.clip.Norm {
			scales[l] = float32(r.clip.Norm / length)
		}
	}
	return scales
}

// norm returns the Euclidean length of arrays as one vector. It adds chunk by chunk,
// so that the scale has the same bits as in cpu.Updater.
func norm(arrays [][]float32) float64 {
	square := 0.0
	for _, a := range arrays {
		for chunk := range slices.Chunk(a, masks.ChunkSize) {
			sum := 0.0
			for _, x := range chunk {
				sum += float64(x) * float64(x)
			}
			square += sum
		}
	}
	return math.Sqrt(square)
}

// learn updates the transmission's parameters of the synapses of an array that a mask
// keeps, chunk by chunk.
func learn(t masks.Transmission, array int, mask []bool) {
	for lo := 0; lo < len(mask); lo += masks.ChunkSize {
		hi, kept := min(lo+masks.ChunkSize, len(mask)), []int32(nil)
		for i := lo; i < hi; i++ {
			if mask[i] {
				kept = append(kept, int32(i))
			}
		}
		t.Learn(array, lo, hi, kept, false)
	}
}
