package device

import "fmt"

// Prepare computes on the host what the next n steps need, and uploads it: the rates of
// the optimizers, and the units kept by masks that are redrawn. The first step has
// number first. All n steps must be made before the next Prepare, with the clock going
// from 0 to n-1. labels returns the classes of the presentations of a network's step;
// it may be nil if no mask needs them. Prepare fails if n is not in 1 … maxSteps of
// NewUpdater.
func (u *Updater) Prepare(first uint64, n int, labels func(network int, step uint64) []int32) error {
	if n < 1 || n > u.maxSteps {
		return fmt.Errorf("masks: %d steps to prepare; want 1 to %d", n, u.maxSteps)
	}
	for _, r := range u.rules {
		r.writes.Unknown = "a GPU does not count the writes of single synapses; engine.device=cpu does"
	}
	steps := make([]stepRecord, 0, n*len(u.rules))
	for t := range n {
		step := first + uint64(t)
		for _, r := range u.rules {
			r.optimizer.Begin()
			rate, scale := r.optimizer.Rates()
			steps = append(steps, stepRecord{rate, scale, uint32(step), uint32(step >> 32)})
		}
		if err := u.units.draw(t, step, labels); err != nil {
			return err
		}
	}
	u.next = first + uint64(n)
	if err := u.steps.Upload(steps); err != nil {
		return err
	}
	return u.units.bits.Upload(u.units.host[:n*u.units.words])
}
