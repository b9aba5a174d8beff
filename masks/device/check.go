package device

import "ergon/masks"

// Check reports what a rule does that has no kernel for the GPU, so that
// one such rule does not keep others from being trained beside it.
func Check(rule masks.Rule, net masks.Network, seed uint64) error {
	_, err := newRule(rule, net, seed)
	return err
}
