package train

import (
	"fmt"

	"ergon/energy"
	"ergon/graph"
	"ergon/internal/finite"
	"ergon/train/measure"
)

// Step presents the next batch, updates the synapses, and records the step in the
// ledger. The error is a *rundir.Diverged if loss or weights are no longer finite.
func (r *Run) Step() error {
	batch := r.batch(r.Steps)
	p, err := r.program(len(batch))
	if err != nil {
		return err
	}
	r.gatherer.gather(batch, p)
	r.prefetch(r.Steps + 1)
	if err := r.drawAhead(p); err != nil {
		return fmt.Errorf("step %d: %w", r.Steps+1, err)
	}
	if err := r.transmit(p); err != nil {
		return fmt.Errorf("step %d: %w", r.Steps+1, err)
	}
	if r.Loss = p.LossValue(); !finite.Is(r.Loss) {
		return r.diverged(p)
	}
	p.Average()
	if err := r.gradients.Sample(r.Steps, p); err != nil { // before learning, which then finds the gradients computed
		return fmt.Errorf("step %d: %w", r.Steps+1, err)
	}
	if err := r.learn(batch, p); err != nil {
		return fmt.Errorf("step %d: %w", r.Steps+1, err)
	}
	if err := r.synapses.Observe(r.Steps, p); err != nil {
		return fmt.Errorf("step %d: %w", r.Steps+1, err)
	}
	if err := r.gradients.Probe(r.Steps); err != nil {
		return fmt.Errorf("step %d: %w", r.Steps+1, err)
	}
	r.boltzmann.learned(p)
	account := r.observer.Observe(p, r.activeInputs(), r.learned())
	r.boltzmann.observe(account)
	if err := r.record(account, len(batch)); err != nil {
		return err
	}
	return r.free.observe(r)
}

// learned is what the last step of the rule did, by layer.
func (r *Run) learned() measure.Learned {
	u := r.updater
	return measure.Learned{Changes: u.Changes(), Traffic: u.Traffic(), Accumulated: u.Accumulations(), Bits: r.bits, Memory: u.Memory()}
}

// transmit runs the program on what the synapses transmit in this step: their weights,
// or noisy ones.
func (r *Run) transmit(p *graph.Program) error {
	r.updater.Transmit(r.weights)
	defer r.updater.Restore(r.weights)
	if err := r.boltzmann.sample(p); err != nil {
		return err
	}
	return p.Run()
}

// record records a step in the ledger, unless it diverged.
func (r *Run) record(account []energy.Step, presentations int) error {
	if err := r.check(account); err != nil {
		return err
	}
	r.Ledger.Record(account)
	r.Steps++
	if account[0].Open > 0 && !r.updater.Refused() {
		r.OpenSteps++
	}
	if r.updated = r.Ledger.Last().M0 > 0; r.updated {
		r.Updates++
	}
	r.lastBatch = presentations
	r.Samples += presentations
	r.lossSum += r.Loss * float64(presentations)
	r.lossCount += presentations
	return nil
}

// backward returns the rule's gate and error filter, if it has any, for the backward pass.
func (r *Run) backward() (b graph.Backward) {
	if gate := r.Config.Rule.Gate; !gate.Always() {
		b.Gate = gate
	}
	if reserve := r.updater.Reserve(); reserve != nil {
		b.Gate = reserve
	}
	if e := r.Config.Rule.Error; !e.KeepsAll() {
		b.Filter = e
	}
	return b
}

// inputs returns the inputs of all rows of a program.
func (r *Run) inputs(p *graph.Program) []float32 {
	if r.boltzmann != nil {
		return p.Presynaptic(0)
	}
	return p.X
}

// activeInputs returns how many inputs of each row are not zero; nil: it is not known.
func (r *Run) activeInputs() []int32 {
	if r.boltzmann != nil {
		return nil
	}
	return r.gatherer.active
}

// learn updates the synapses by the rule, unless the gate was shut for all presentations.
func (r *Run) learn(batch []int32, p *graph.Program) error {
	r.unlearned.add(r.Loss, len(batch))
	if p.Open() == 0 {
		r.updater.Rest(p.Batch)
		return nil
	}
	r.labels = r.labels[:0]
	for b, i := range batch {
		if label, ok := r.Data.Train.Label(int(i)); ok && p.IsOpen(b) {
			r.labels = append(r.labels, int32(label))
		}
	}
	r.presented.Batch, r.presented.Rows, r.presented.Labels = p.Batch, p.Rows(), r.labels
	r.presented.Activity, r.presented.Errors = r.presented.Activity[:0], r.presented.Errors[:0]
	r.presented.Activity = append(r.presented.Activity, r.inputs(p))
	for l := range p.Layers() {
		r.presented.Activity = append(r.presented.Activity, p.Postsynaptic(l))
		r.presented.Errors = append(r.presented.Errors, p.Error(l))
	}
	r.presented.Loss, r.presented.Presented = r.unlearned.take()
	r.updater.Present(r.presented)
	if err := r.updater.Step(p.Parameters()); err != nil {
		return err
	}
	r.learnedBy.add(r.updater)
	if r.updater.Refused() {
		return nil
	}
	r.invariant.observe(r)
	rate, _ := r.learningRate()                             // of this step, which is not counted yet
	r.work.Add(r.updater.Changes(), float64(float32(rate))) // as the rule rounds it
	return nil
}
