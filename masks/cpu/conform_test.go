package cpu_test

import (
	"testing"

	"ergon/internal/parallel"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	_ "ergon/masks/rules"
)

// The fused update leaves the bits of the reference, whatever the rule.
func TestUpdaterConforms(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	maskstest.Conform(t, func(rule masks.Rule, net masks.Network, seed uint64) (maskstest.Stepper, error) {
		return cpu.NewUpdater(rule, net, seed, pool)
	})
}

// A step allocates nothing, whatever the rule.
func TestStepsAllocateNothing(t *testing.T) {
	maskstest.AllocatesNothing(t, func(rule masks.Rule, net masks.Network, seed uint64) (maskstest.Stepper, error) {
		return cpu.NewUpdater(rule, net, seed, nil)
	})
}
