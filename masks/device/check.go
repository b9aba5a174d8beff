package masks

// CheckDevice reports what a rule does that has no kernel for the GPU, so that
// one such rule does not keep others from being trained beside it.
func CheckDevice(rule Rule, net Network, seed uint64) error {
	_, err := newDeviceRule(rule, net, seed)
	return err
}
