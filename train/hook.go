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

// End implements Hook.
func (NopHook) End(*Run, *rundir.Summary) error { return nil }
