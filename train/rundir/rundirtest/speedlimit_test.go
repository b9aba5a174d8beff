package rundirtest

import (
	"math"
	"testing"

	"ergon/train/rundir"
)

// What is above 1, below 0 or silent is found.
func TestKeepsSpeedLimit(t *testing.T) {
	of := func(e float64) rundir.Rungs { return rundir.Rungs{SpeedEfficiency: &e} }
	for _, right := range []rundir.Rungs{of(0), of(0.5), of(1 + 5e-6), {NoSpeedEfficiency: "on a GPU"}} {
		if err := KeepsSpeedLimit(&right); err != nil {
			t.Error(err)
		}
	}
	for _, wrong := range []rundir.Rungs{of(1.0001), of(-1e-9), of(math.NaN()), {}} {
		if KeepsSpeedLimit(&wrong) == nil {
			t.Errorf("%+v keeps the speed limit", wrong)
		}
	}
}
