package descent

import (
	"context"

	"ergon/datasets"
	"ergon/masks"
	"ergon/train"
)

// follower is a rule with a memory that follows a run: in each step it gets the gradient at the
// run's weights, and what it writes is counted and not made.
type follower struct {
	trial   *trial
	sums    []Sums
	written [][]float64 // Σ Δ
}

// Follow returns followers of the run for those of the rules that need it, nil for the others.
func (r *Run) Follow(rules []Rule, seed uint64) (*Followers, error) {
	f := &Followers{run: r, all: make([]*follower, len(rules)), start: copied(r.arrays())}
	for i, rule := range rules {
		if !rule.Follows() {
			continue
		}
		t, err := newTrial(rule, r.net, seed)
		if err != nil {
			return nil, err
		}
		w := &follower{trial: t, sums: make([]Sums, r.Layers())}
		for _, a := range f.start {
			w.written = append(w.written, make([]float64, len(a)))
		}
		f.all[i], f.any = w, true
	}
	if !f.any {
		return f, nil
	}
	var err error
	c := r.Live.Config
	if f.sampler, err = datasets.NewSampler(c.Train.Sampling, r.Live.Data.Train.Len(), c.Train.Batch, c.Seed); err != nil {
		return nil, err
	}
	if f.machine, err = newMachine(c, r.Live.Data); err != nil {
		return nil, err
	}
	return f, nil
}

// Followers are all that follow a run.
type Followers struct {
	run     *Run
	all     []*follower // of each rule; nil: it need not
	any     bool
	start   [][]float32 // the run's first weights
	sampler *datasets.Sampler
	machine *machine
}

// Close releases their machine.
func (f *Followers) Close() {
	if f.machine != nil {
		f.machine.engine.Close()
	}
}

// Advance replays the run until it has made so many steps, with its followers. done is called
// after each.
func (f *Followers) Advance(ctx context.Context, steps int, done func()) error {
	if !f.any {
		return f.run.Advance(ctx, steps, done)
	}
	for f.run.Live.Steps < steps {
		if err := f.step(f.run.Live); err != nil {
			return err
		}
		if err := f.run.Advance(ctx, f.run.Live.Steps+1, done); err != nil {
			return err
		}
	}
	return nil
}

// step lets all take the gradient of the step that the run is about to make.
func (f *Followers) step(r *train.Run) error {
	from := f.run.arrays()
	set, batch := r.Data.Train, f.sampler.Batch(uint64(r.Steps))
	f.machine.load(from)
	for _, w := range f.all {
		if w == nil {
			continue
		}
		p, err := f.machine.present(set, batch, w.trial.Rule)
		if err != nil {
			return err
		}
		changes, err := w.trial.learn(f.machine, set, batch, p)
		if err != nil {
			return err
		}
		w.count(f.machine, from, changes)
	}
	return nil
}

// count counts what was written, and puts the weights back.
func (w *follower) count(m *machine, from [][]float32, changes []masks.Change) {
	for l, c := range changes {
		w.sums[l].Add(Sums{Work: c.Work, M0: float64(c.M0), M1: c.M1})
	}
	if changes == nil {
		return
	}
	for a, before := range from {
		sum := w.written[a]
		for i, x := range m.weights[a] {
			if d := x - before[i]; d != 0 {
				sum[i] += float64(d)
				m.weights[a][i] = before[i]
			}
		}
	}
}

// Sums returns what the follower of a rule, and the run itself, did to each layer until now.
// Descent is along the run's displacement D from its first weights: Δ·D and |D|².
func (f *Followers) Sums(rule int) (followed, plain []Sums) {
	w := f.all[rule]
	followed, plain = append([]Sums(nil), w.sums...), make([]Sums, len(w.sums))
	present := f.run.arrays()
	for a, s := range masks.Arrays(f.run.net.Layers) {
		for i, x := range present[a] {
			d := float64(x) - float64(f.start[a][i])
			followed[s.Layer].Descent += w.written[a][i] * d
			plain[s.Layer].Descent += d * d
		}
	}
	for l, y := range f.run.Live.Ledger.Layers {
		plain[l].M0, plain[l].M1 = float64(y.Update.M0), y.Update.M1
	}
	return followed, plain
}
