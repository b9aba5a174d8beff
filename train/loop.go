package train

import (
	"context"
	"errors"
	"time"
)

// Train runs until a goal, the budget, a divergence or the end of ctx, and
// returns the summary. What ended the run is its Status; the error is nil unless
// that is StatusFailed: a step or a hook could not do its work.
func (r *Run) Train(ctx context.Context, hooks ...Hook) (*Summary, error) {
	r.Started = time.Now()
	s := &Summary{Name: r.Config.Name, Seed: r.Config.Seed}
	started, err := r.start(hooks)
	if err == nil {
		err = r.loop(ctx, s, hooks)
	}
	if diverged := new(Diverged); errors.As(err, &diverged) {
		s.Status, s.Diverged, err = StatusDiverged, diverged, nil
	}
	if err != nil {
		s.Status, s.Error = StatusFailed, err.Error()
	}
	s.close(r)
	for _, h := range started {
		err = errors.Join(err, h.End(r, s))
	}
	return s, err
}

// start starts the hooks, and returns those that did.
func (r *Run) start(hooks []Hook) (started []Hook, err error) {
	for _, h := range hooks {
		if err := h.Start(r); err != nil {
			return started, err
		}
		started = append(started, h)
	}
	return started, nil
}

// loop makes the steps and evaluations, and sets the summary's status.
func (r *Run) loop(ctx context.Context, s *Summary, hooks []Hook) error {
	train := r.Config.Train
	every := train.EvalEvery
	if every == 0 {
		every = r.sampler.StepsPerEpoch()
	}
	for limit := r.Limit(); r.Steps < limit; {
		if ctx.Err() != nil {
			s.Status = StatusInterrupted
			return nil
		}
		if err := r.Step(); err != nil {
			return err
		}
		for _, h := range hooks {
			if err := h.Step(r); err != nil {
				return err
			}
		}
		if r.Steps%every != 0 && r.Steps != limit {
			continue
		}
		m, err := r.evaluate()
		if err != nil {
			return err
		}
		s.observe(r, m)
		for _, h := range hooks {
			if err := h.Evaluate(r, m); err != nil {
				return err
			}
		}
		if train.StopAt > 0 && m.TestAccuracy != nil && *m.TestAccuracy >= train.StopAt {
			s.Status = StatusReachedGoal
			return nil
		}
	}
	s.Status = StatusBudgetSpent
	return nil
}

// evaluate runs the test set and takes stock.
func (r *Run) evaluate() (*Metrics, error) {
	e, err := r.evaluator.evaluate(r.Steps)
	if err != nil {
		return nil, err
	}
	minimal := r.Minimal()
	if layers := r.Model.Layers(); !finite(minimal.M1) {
		for _, l := range layers {
			if !finiteAll(l.W) || !finiteAll(l.B) {
				return nil, &Diverged{r.Steps, l.Name, "weights"}
			}
		}
	} else if !finite(e.Loss) {
		return nil, &Diverged{r.Steps, layers[len(layers)-1].Name, "test loss"}
	}
	m := newMetrics(r, e, minimal)
	r.lossSum, r.lossCount = 0, 0
	return m, nil
}
