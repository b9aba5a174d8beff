// Package reference applies a learning rule in the obvious way, one formula after the
// other:
//
//	ΔJ = clip(-η M ⊙ ∂L/∂J)
//
// and then, if the rule says so, a projection of scale-invariant weights. Every other implementation must equal it.
package reference

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/internal/schema"
	"ergon/masks"
)

// Updater applies a rule to a network. It forms the mask M and the update ΔJ of the
// whole network, and counts changes by comparing weights. cpu.Updater and
// device.Updater must leave the same weights and M0 in every bit, the same M1 up
// to the order of its sum, and the same work, where they count it, up to the rounding of
// η g to float32.
type Updater struct {
	masks        []masks.Mask
	presented    masks.Presentation
	optimizer    masks.Optimizer
	limits       masks.Limits
	layers       int // of synapses
	all          []*masks.Synapses
	changes      []masks.Change     // of each layer, by the last step
	magnitudes   []float64          // Σ|Δw·g| of each layer, in the last step
	memory       masks.Memory       // of the cache; nil without one
	transmission masks.Transmission // nil without stochastic synapses
	accounts     masks.Accounts
	usage        []masks.Usage // of each layer, by the last step
	projection   projection
	reserve      masks.Reserve // that updates are paid from; nil: they cost nothing
	writes       masks.Writes
	byMemory     bool // writes are counted by the cache
	step         uint64
}

var _ G.Solver = (*Updater)(nil)

// NewUpdater makes the reference updater of a rule for a network. It fails if the rule
// does not fit the network.
func NewUpdater(rule masks.Rule, net masks.Network, seed uint64) (r *Updater, err error) {
	r = &Updater{layers: len(net.Layers), all: masks.Arrays(net.Layers)}
	if r.limits, err = rule.Limits(net); err != nil {
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
	r.memory = rule.NewMemory(r.all, seed, nil, true)
	r.writes, r.byMemory = masks.NewWrites(r.all, r.memory)
	r.accounts = rule.NewAccounts(r.optimizer, r.memory, r.transmission)
	r.reserve = rule.NewReserve()
	r.projection.all, r.projection.target = rule.Projected(net, r.all)
	r.projection.shares = make([]float64, len(r.projection.all))
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
	r.projection.start()
	before := copied(weights(r.all))
	if r.transmission != nil {
		r.transmission.Begin(r.all)
	}
	step := masks.Step{Number: r.step, Arrays: r.all, Presentation: r.presented}
	if former := masks.FormerOf(r.memory); former != nil {
		if err := former.FormGradients(&step); err != nil {
			return schema.Under("rule.cache", err)
		}
	}
	if err := masks.Draw(r.masks, &step); err != nil {
		return err
	}
	if w, ok := r.optimizer.(masks.Watching); ok {
		if err := w.Watch(&step); err != nil {
			return schema.Under("rule.optimizer", err)
		}
	}
	r.step++
	r.optimizer.Begin()

	if err := r.learn(&step, before); err != nil {
		return err
	}
	r.consolidate(max(1, r.presented.Batch))
	r.presented = masks.Presentation{}
	return nil
}

// learn makes the update of a step, from weights that were before, or lets the cache learn in
// its place.
func (r *Updater) learn(step *masks.Step, before [][]float32) error {
	if learner, ok := r.memory.(masks.FactorLearner); ok {
		r.changes, r.usage = make([]masks.Change, r.layers), make([]masks.Usage, r.layers)
		r.magnitudes = make([]float64, r.layers)
		return schema.Under("rule.cache", learner.Learn(step, r.optimizer.(masks.Proportional).Factor()))
	}
	update := r.masked() // -η M ⊙ ∂L/∂J
	r.clip(update)       // ΔJ
	r.pay(update)        // or ΔJ = 0
	r.apply(update)      // J ← J + ΔJ
	r.project(before)    // J ← J · norm/|J|
	return nil
}

// copied returns copies of arrays.
func copied(arrays [][]float32) (copies [][]float32) {
	for _, a := range arrays {
		copies = append(copies, slices.Clone(a))
	}
	return copies
}

// Rest replaces Step if the gate kept out every presentation: nothing is updated, but
// time passes.
func (r *Updater) Rest(presentations int) {
	r.changes, r.usage = make([]masks.Change, r.layers), make([]masks.Usage, r.layers)
	r.magnitudes = make([]float64, r.layers)
	r.step++
	if r.reserve != nil {
		r.reserve.Gain(presentations)
	}
	r.consolidate(presentations)
}

// consolidate lets the cache consolidate the changes of the step.
func (r *Updater) consolidate(presentations int) {
	for _, s := range r.all {
		r.usage[s.Layer].Layer = s.Layer
		r.usage[s.Layer].Synapses += int64(s.Size())
	}
	for l, c := range r.changes {
		r.usage[l].Update = c
	}
	if r.memory != nil {
		r.memory.Consolidate(presentations, r.changes)
		for l, c := range r.memory.Consolidations() {
			r.usage[l].Cached = c
		}
	}
	for l, c := range r.changes {
		r.changes[l] = masks.Written(r.memory, l, c)
	}
}

// Traffic returns what the last step read and wrote, of each layer, of what the rule
// remembers of synapses.
func (r *Updater) Traffic() (all []masks.Traffic) {
	for _, u := range r.usage {
		all = append(all, r.accounts.Traffic(u))
	}
	return all
}

// Accumulations returns what the last step changed of the state beside the weights of each
// layer.
func (r *Updater) Accumulations() (all []masks.Accumulation) {
	for _, u := range r.usage {
		all = append(all, r.accounts.Accumulated(u))
	}
	return all
}

// Present announces the batch of which the next Step's gradients are.
func (r *Updater) Present(p masks.Presentation) { r.presented = p }

// Changes returns what the last step did to each layer.
func (r *Updater) Changes() []masks.Change { return r.changes }

// Reserve returns what updates are paid from; nil: they cost nothing.
func (r *Updater) Reserve() masks.Reserve { return r.reserve }

// Writes returns how often each synapse was written until now.
func (r *Updater) Writes() *masks.Writes { return &r.writes }

// Magnitudes returns Σ|Δw·g| of each layer, in the last step: what the rounding of the
// work is to be compared with.
func (r *Updater) Magnitudes() []float64 { return r.magnitudes }

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
