package train

import (
	"fmt"

	"ergon/internal/state"
	"ergon/masks/device"
)

// What runs remember lies on the device while they are trained. It comes from the run when
// a driver is made, and is brought home when it is asked for, and at the end.

// sameStep returns an error if runs that have not ended did not make the same number of
// steps: the device makes the next of all of them together.
func sameStep(runs []*Run) error {
	first := -1
	for _, r := range runs {
		switch {
		case r.Steps >= r.Limit():
		case first < 0:
			first = r.Steps
		case r.Steps != first:
			return fmt.Errorf("train: runs side by side have to go on with the same step, and one has made %d, another %d; train them one by one", first, r.Steps)
		}
	}
	return nil
}

// send gives the updater what the rules of the runs remember.
func (d *deviceDriver) send(u *device.Updater) error {
	for i, r := range d.runs {
		memory, err := state.Save(r.updater)
		if err != nil {
			return err
		}
		if err := u.Load(i, memory); err != nil {
			return err
		}
		r.fetch = func() error { return d.fetch(i) }
	}
	return nil
}

// fetch brings weights, and what the rule remembers, home to a run.
func (d *deviceDriver) fetch(run int) error {
	if err := d.fetchWeights(run); err != nil {
		return err
	}
	memory, err := d.updater.Save(run)
	if err != nil {
		return err
	}
	return memory.Restore(d.runs[run].updater)
}

// fetchWeights brings the weights of a network to its run's model.
func (d *deviceDriver) fetchWeights(run int) error {
	if err := d.weights.DownloadAt(run*d.layout.Size, d.network(run)); err != nil {
		return err
	}
	d.layout.Unpack(d.runs[run].weights, d.network(run))
	return nil
}
