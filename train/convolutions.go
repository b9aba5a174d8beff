package train

import (
	"fmt"

	"ergon/configs"
	"ergon/graph"
	"ergon/graph/engine"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
	"ergon/masks/rules/competitive"
)

// checkConvolutions reports what a config asks for that nobody can tell of
// convolutions, whose synapses are weights that positions share.
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
	for i, mask := range c.Rule.Mask {
		if err := checkShared(mask, shared, c.Train.Batch, examples); err != nil {
			return schema.Under(fmt.Sprintf("rule.mask[%d]", i), err)
		}
	}
	return nil
}

// checkShared reports what a mask cannot do in a network whose first layers are
// convolutions. The units below a kernel are not its rows, so that whole units
// can be chosen by the synapses onto them only; and a single presentation's
// gradient is not the outer product in which its largest entries are looked for.
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

// meets says whether layers, from 1, has one that is not above last; [] is all.
func meets(layers []int, last int) bool {
	for _, l := range layers {
		if l <= last {
			return true
		}
	}
	return len(layers) == 0
}

func checkSide(side string) error {
	if side == "post" {
		return nil
	}
	return schema.Fieldf("side", "%s masks what leaves whole units, and the rows of a kernel are places in it; take post, which masks whole channels", side)
}
