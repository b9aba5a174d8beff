package train

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"

	"ergon/train/rundir"
)

// stopAtEvaluation stops a run at an evaluation: the last, whose step it is given.
type stopAtEvaluation struct {
	NopHook
	step int
	stop func()
}

// Evaluate implements Hook.
func (s *stopAtEvaluation) Evaluate(_ *Run, m *rundir.Metrics) error {
	if m.Step == s.step {
		s.stop()
	}
	return nil
}

// A run that is stopped while its likelihood is found goes on with that, and comes to what a run
// finds that was not stopped.
func TestLikelihoodIsFoundLater(t *testing.T) {
	settings := machineConfig("{kind: rbm, hidden: 6}", "train.chains=50; train.epochs=20; likelihood.method=ais; likelihood.along=false; likelihood.betas=30; likelihood.chains=40")
	whole := trained(t, settings)
	d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s, err := begin(t, load(t, "{}", settings...)).Train(ctx, NewRecorder(d), &stopAtEvaluation{step: 20, stop: stop})
	if err != nil || s.Status != rundir.StatusInterrupted || s.Likelihood != nil || s.NoLikelihood != "the run was stopped before it was found" {
		t.Fatalf("%s, %v; likelihood %+v (%s)", s.Status, err, s.Likelihood, s.NoLikelihood)
	}
	r := begin(t, load(t, "{}", settings...))
	if from, _, err := r.Continue(d); err != nil || from != 20 {
		t.Fatalf("goes on from step %d, %v", from, err)
	}
	if s, err = r.Train(t.Context(), NewRecorder(d)); err != nil || s.Status != rundir.StatusBudgetSpent {
		t.Fatalf("%s, %v", s.Status, err)
	}
	found := func(s *rundir.Summary) string {
		text, err := json.Marshal([]any{s.Likelihood, s.NoLikelihood, s.Work, s.Steps})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if got, want := found(s), found(whole); got != want {
		t.Errorf("found %s, and %s without a stop", got, want)
	}
}
