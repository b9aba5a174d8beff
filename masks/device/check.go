package device

import "ergon/masks"

// Check returns an error if a stage of the rule has no kernel for the GPU. A caller
// that checks first can train the other rules on the device.
func Check(rule masks.Rule, net masks.Network, seed uint64) error {
	_, err := newRule(rule, net, seed)
	return err
}
