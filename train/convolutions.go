package train

import (
	"fmt"

	"ergon/configs"
	"ergon/graph"
	"ergon/graph/engine"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
	"ergon/masks/rules/accumulate"
	"ergon/masks/rules/competitive"
	"ergon/masks/rules/pulsed"
)

// checkConvolutions refuses what a config asks for and convolutions cannot do. Their
// weights are shared by positions.
func checkConvolutions(c *configs.Config, m graph.Model, e engine.Engine, examples int) error {
	shared := 0 // the last layer that is a convolution, from 1
	for l, layer := range m.Layers() {
		if layer.Rows() > 1 {
			shared = l + 1
		}
	}
	if shared == 0 {
		return nil
	}
	if _, ok := engine.DeviceOf(e); ok {
		return schema.Under("engine", schema.Fieldf("device", "convolutions have no kernels for the GPU; set cpu"))
	}
	if err := checkNormalized(c, m, examples); err != nil {
		return err
	}
	if _, ok := c.Rule.Optimizer.(*pulsed.Pulsed); ok {
		return schema.Under("rule.optimizer", schema.Fieldf("kind", "pulsed sends pulses along the rows and columns of a crossbar, and a kernel has a row of inputs for each of its places; take another"))
	}
	if err := checkFactors(c.Rule.Cache); err != nil {
		return schema.Under("rule.cache", err)
	}
	for i, mask := range c.Rule.Mask {
		if err := checkShared(mask, shared, c.Train.Batch, examples); err != nil {
			return schema.Under(fmt.Sprintf("rule.mask[%d]", i), err)
		}
	}
	return nil
}

// checkFactors refuses a cache that learns from the activities and errors of units: those of a
// convolution are of many positions.
func checkFactors(cache masks.Cache) error {
	switch c := cache.(type) {
	case *accumulate.LowRank:
		return schema.Fieldf("kind", "low_rank adds outer products of activities and errors up, and the gradient of a convolution is a sum of many; take a network without convolutions")
	case *accumulate.MixedPrecision:
		if c.Levels > 0 {
			return schema.Fieldf("levels", "rounds activities and errors of units, and those of a convolution are of many positions; set 0")
		}
	}
	return nil
}

// checkNormalized refuses what a network that is normalised by the batch cannot do. There,
// errors of a presentation reach all others through mean and variance.
func checkNormalized(c *configs.Config, m graph.Model, examples int) error {
	for l, layer := range m.Layers() {
		if !layer.ScaleInvariant() {
			continue
		}
		if !c.Rule.Gate.Always() {
			return schema.Fieldf("rule.gate", "%s keeps single presentations out of the backward pass, and model.norm=batch sends errors of each to all others; set none", masks.Gates.Name(c.Rule.Gate))
		}
		batch := min(c.Train.Batch, examples)
		if rest := examples % batch; layer.Rows() == 1 && (batch == 1 || rest == 1) {
			return schema.Fieldf("train.batch", "%d leaves a presentation by itself, which has no variance that model.norm=batch could divide layer %d by; take another", c.Train.Batch, l+1)
		}
	}
	return nil
}

// checkLastStep refuses a number of presentations that leaves one for the last step, in a network that
// is normalised by the batch.
func (r *Run) checkLastStep() error {
	if limit := r.Limit(); limit == 0 || r.presentations(limit-1) != 1 {
		return nil
	}
	for l, layer := range r.Model.Layers() {
		if layer.ScaleInvariant() && layer.Rows() == 1 {
			return schema.Fieldf("train.max_presentations", "%d leaves the last step a presentation by itself, which has no variance that model.norm=batch could divide layer %d by; take another",
				r.Config.Train.MaxPresentations, l+1)
		}
	}
	return nil
}

// checkShared refuses what a mask cannot do in a network whose first layers are
// convolutions. The rows of a kernel are places in it, not the units below, so that
// whole units can be chosen only by the synapses onto them. And a single presentation's
// gradient is not an outer product, in which the largest entries are searched for.
func checkShared(mask masks.MaskSpec, convolutions, batch, examples int) error {
	switch m := mask.(type) {
	case *rules.Neurons:
		return checkSide(m.Side)
	case *rules.Alternating:
		return checkSide(m.Side)
	case *rules.PerClass:
		return checkSide(m.Side)
	case *rules.Subnet:
		return schema.Fieldf("kind", "subnet follows units from layer to layer, which the rows of a kernel are not; take neurons with side post")
	case *competitive.Competitive:
		outer := m.By == "update" && m.Order == "largest" && m.Among != "neuron" && meets(m.Layers, convolutions)
		if single := min(batch, examples) == 1 || examples%batch == 1; outer && single {
			return schema.Fieldf("by", "the largest updates of a single presentation are not known for convolutions; choose a train.batch that leaves none by itself, or scope neuron")
		}
	}
	return nil
}

// meets says whether layers, numbered from 1, has one that is at most last. [] is all
// layers.
func meets(layers []int, last int) bool {
	for _, l := range layers {
		if l <= last {
			return true
		}
	}
	return len(layers) == 0
}

// checkSide refuses masks of the synapses that leave whole units.
func checkSide(side string) error {
	if side == "post" {
		return nil
	}
	return schema.Fieldf("side", "%s masks what leaves whole units, and the rows of a kernel are places in it; take post, which masks whole channels", side)
}
