package cumulants

import (
	"fmt"

	"ergon/configs"
	"ergon/masks"
	"ergon/train"
	"ergon/train/replay"
	"ergon/train/rundir"
)

// Run is a finished run that is replayed from its config, step by step the same.
type Run struct {
	*replay.Run
	Law *Law

	config *configs.Config
	run    *train.Run
}

// Open rebuilds the run of a directory as it began. That a rule cannot be
// averaged over is an error that names the setting. Close the run when done.
func Open(directory string) (*Run, error) {
	played, err := replay.Open(directory)
	if err != nil {
		return nil, err
	}
	r := &Run{Run: played, config: played.Live.Config, run: played.Live}
	if r.Law, err = newLaw(r.config, r.network()); err != nil {
		r.Close()
		return nil, fmt.Errorf("%s: %w", rundir.Directory(directory).Path(rundir.ConfigFile), err)
	}
	return r, nil
}

// network returns what the rule may know of the run's network.
func (r *Run) network() masks.Network { return network(r.run.Model, r.run.Data.Classes) }
