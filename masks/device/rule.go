package device

import (
	"cmp"
	"fmt"
	"slices"

	"ergon/internal/schema"
	"ergon/masks"
)

// rule is the host's side of one network's rule.
type rule struct {
	masks     []masks.DeviceMask
	optimizer masks.DeviceOptimizer
	clip      masks.Limits
	writes    *masks.Writes // until the device makes a step
}

// newRule makes the stages of a rule for a network. It fails if one has no kernel.
func newRule(rule masks.Rule, net masks.Network, seed uint64) (r rule, err error) {
	if r.clip, err = rule.Limits(net); err != nil {
		return r, err
	}
	if slices.ContainsFunc(net.Layers, func(l masks.Layer) bool { return l.Tied || l.Triangular }) {
		return r, noKernel("model.kind", "a layer whose weights are those of another, or join its units to each other, as in a Boltzmann machine,")
	}
	if err := onlyUpdates(&rule, net, seed); err != nil {
		return r, err
	}
	all, err := rule.NewMasks(net, seed)
	if err != nil {
		return r, err
	}
	ofNetwork := len(all) - len(rule.Mask) // which masks fixed layers
	for i, m := range all {
		known, ok := m.(masks.DeviceMask)
		if !ok {
			i -= ofNetwork
			return r, noKernel(fmt.Sprintf("rule.mask[%d]", i), cmp.Or(masks.Masks.Name(rule.Mask[i]), fmt.Sprintf("%T", rule.Mask[i])))
		}
		r.masks = append(r.masks, known)
	}
	o, err := rule.NewOptimizer(net, seed)
	if err != nil {
		return r, err
	}
	if _, ok := o.(masks.Following); ok {
		return r, noKernel("rule.optimizer.schedule", "a rate that follows the loss")
	}
	known, ok := o.(masks.DeviceOptimizer)
	if !ok {
		return r, noKernel("rule.optimizer", cmp.Or(masks.Optimizers.Name(rule.Optimizer), fmt.Sprintf("%T", rule.Optimizer)))
	}
	r.optimizer = known
	writes, _ := masks.NewWrites(masks.Arrays(net.Layers), nil)
	r.writes = &writes
	return r, nil
}

// onlyUpdates returns an error if a stage other than mask, clip and optimizer does
// something.
func onlyUpdates(r *masks.Rule, net masks.Network, seed uint64) error {
	if !r.Gate.Always() {
		return noKernel("rule.gate", cmp.Or(masks.Gates.Name(r.Gate), fmt.Sprintf("%T", r.Gate)))
	}
	if !r.Error.KeepsAll() {
		return noKernel("rule.error", cmp.Or(masks.Errors.Name(r.Error), fmt.Sprintf("%T", r.Error)))
	}
	if r.Cache.New(masks.Arrays(net.Layers), nil) != nil {
		return noKernel("rule.cache", cmp.Or(masks.Caches.Name(r.Cache), fmt.Sprintf("%T", r.Cache)))
	}
	if _, target := r.Projected(net, nil); target != nil {
		return noKernel("rule.project", cmp.Or(masks.Projects.Name(r.Project), fmt.Sprintf("%T", r.Project)))
	}
	transmission, err := r.NewTransmission(net, seed, nil)
	if err == nil && transmission != nil {
		err = noKernel("rule.synapse", cmp.Or(masks.SynapseKinds.Name(r.Synapse), fmt.Sprintf("%T", r.Synapse)))
	}
	return err
}

// noKernel returns the error of a stage that the device cannot run.
func noKernel(path, kind string) error {
	return &schema.Error{Path: path, Problem: kind + " has no kernel for the GPU", Hint: "take engine.device=cpu"}
}
