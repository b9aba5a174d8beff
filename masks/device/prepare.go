package device

import "fmt"

// Prepare draws on the host what the next n steps need, the first of them being
// number first, and uploads it: rates of the optimizers, and units of the masks
// that keep whole rows or columns. Every step prepared is to be made before the
// next Prepare, the clock going from 0 to n-1. labels returns the classes of
// the presentations of a network's step; it may be nil where there are none.
func (u *Updater) Prepare(first uint64, n int, labels func(network int, step uint64) []int32) error {
	if n < 1 || n > u.maxSteps {
		return fmt.Errorf("masks: %d steps to prepare; want 1 to %d", n, u.maxSteps)
	}
	moments := make([]stepRecord, 0, n*len(u.rules))
	for t := range n {
		step := first + uint64(t)
		for _, r := range u.rules {
			r.optimizer.Begin()
			rate, scale := r.optimizer.Rates()
			moments = append(moments, stepRecord{rate, scale, uint32(step), uint32(step >> 32)})
		}
		if err := u.units.draw(t, step, labels); err != nil {
			return err
		}
	}
	if err := u.steps.Upload(moments); err != nil {
		return err
	}
	return u.units.bits.Upload(u.units.host[:n*u.units.words])
}
