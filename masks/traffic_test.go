package masks_test

import (
	"slices"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/rules"
)

// A kind that keeps something beside the weights and does not count how it changes is named; one that keeps
// nothing, or counts, is not.
func TestUncounted(t *testing.T) {
	for _, c := range []struct {
		optimizer masks.OptimizerSpec
		cache     masks.Cache
		want      []string
	}{
		{&rules.SGD{LearningRate: 1}, masks.NoCache{}, nil},
		{&rules.Langevin{LearningRate: 1}, masks.NoCache{}, nil},
		{&rules.Momentum{LearningRate: 1, Momentum: 0.9}, masks.NoCache{}, nil},
		{&Signum{Step: 1, Beta: 0}, masks.NoCache{}, nil}, // β = 0: v is the gradient
		{&Signum{Step: 1, Beta: 0.9}, &Nightly{Every: 10}, []string{"rule.optimizer page_signum", "rule.cache page_nightly"}},
	} {
		rule := rules.Default()
		rule.Optimizer, rule.Cache = c.optimizer, c.cache
		u, err := cpu.NewUpdater(rule, masks.Network{Layers: []masks.Layer{{In: 3, Out: 2}}}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Uncounted(); !slices.Equal(got, c.want) {
			t.Errorf("%T, %T: %q, want %q", c.optimizer, c.cache, got, c.want)
		}
	}
}
