package descent

import (
	"fmt"

	"ergon/configs"
	"ergon/masks"
	"ergon/train/replay"
	"ergon/train/rundir"
)

// Run is a finished run whose gradients rules are tried on.
type Run struct {
	*replay.Run
	net       masks.Network
	directory string
	plain     masks.Rule // the run's, without all stages but the optimizer
}

// Open rebuilds the run of a directory as it began. A run whose presentations have no
// gradient that a plain rule descends is refused by an error that names the setting. Unless
// any is set, so is a run of another than the plain rule. Close the run when done.
func Open(directory string, any bool) (*Run, error) {
	_, config, err := replay.Load(directory)
	if err == nil {
		if err = checkConfig(config, any); err != nil {
			err = fmt.Errorf("%s: %w", rundir.Directory(directory).Path(rundir.ConfigFile), err)
		}
	}
	if err != nil {
		return nil, err
	}
	played, err := replay.Open(directory)
	if err != nil {
		return nil, err
	}
	r := &Run{Run: played, net: played.Live.Network(), directory: directory, plain: plainOf(config.Rule)}
	if err := checkModel(played.Live.Model); err != nil {
		r.Close()
		return nil, fmt.Errorf("%s: %w", rundir.Directory(directory).Path(rundir.ConfigFile), err)
	}
	return r, nil
}

// Config returns the run's config.
func (r *Run) Config() *configs.Config { return r.Live.Config }

// Layers returns the number of layers of synapses.
func (r *Run) Layers() int { return len(r.net.Layers) }

// Course returns the step at which the run first had an accuracy, or its last for 0.
func (r *Run) Course(goal float64) (steps int, err error) {
	if goal == 0 {
		return r.Steps, nil
	}
	var reached []float64
	for _, x := range r.Summary.Crossings {
		if x.Accuracy == goal {
			return x.Steps, nil
		}
		reached = append(reached, x.Accuracy)
	}
	return 0, fmt.Errorf("%s did not reach %g, or train.goals does not have it; it reached %v", r.directory, goal, reached)
}

// arrays lists the run's weights and biases.
func (r *Run) arrays() [][]float32 { return arrays(r.Live.Model) }

// Classes returns the number of classes of the data; 0: targets are real-valued.
func (r *Run) Classes() int { return r.net.Classes }
