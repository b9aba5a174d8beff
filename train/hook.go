package train

import "ergon/train/rundir"

// Hook looks on while a run is trained. An error of a hook ends the run.
type Hook interface {
	// Start is called before the first step.
	Start(*Run) error
	// Step is called after each step; on a GPU, after several, but always after
	// one that train.log_every logs.
	Step(*Run) error
	// Evaluate is called after each evaluation.
	Evaluate(*Run, *rundir.Metrics) error
	// Save is called with a state from which the run can go on, now and then
	// (checkpoint.every_s, checkpoint.every_steps) and before a signal ends it. What the
	// hook wrote up to now belongs to the state, and what it writes later does not.
	Save(*Run, *Saved) error
	// End is called once with the summary, however the run ended, on every hook
	// whose Start returned without an error.
	End(*Run, *rundir.Summary) error
}

// NopHook is a Hook that does nothing, for embedding.
type NopHook struct{}

var _ Hook = NopHook{}

// Start implements Hook.
func (NopHook) Start(*Run) error { return nil }

// Step implements Hook.
func (NopHook) Step(*Run) error { return nil }

// Evaluate implements Hook.
func (NopHook) Evaluate(*Run, *rundir.Metrics) error { return nil }

// Save implements Hook.
func (NopHook) Save(*Run, *Saved) error { return nil }

// End implements Hook.
func (NopHook) End(*Run, *rundir.Summary) error { return nil }
