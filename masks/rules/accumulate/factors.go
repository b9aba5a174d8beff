package accumulate

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// factorsOf returns the factors of the gradient of a layer in a step: activities x [B,in] and
// errors δ [B,Out]. It fails if the step has none, or their product is not the gradient.
func factorsOf(step *masks.Step, s *masks.Synapses, in int) (x, delta []float32, err error) {
	if len(step.Activity) <= s.Layer || len(step.Errors) <= s.Layer {
		return nil, nil, schema.Fieldf("kind", "needs activities and errors, and the step has none")
	}
	x, delta = step.Activity[s.Layer], step.Errors[s.Layer]
	if rows := len(delta) / s.Out; rows == 0 || len(x) != rows*in {
		return nil, nil, schema.Fieldf("kind", "learns from activities and errors whose product is the gradient, and those of layer %d are not: take a network without convolutions", s.Layer+1)
	}
	return x, delta, nil
}

// inputsOf returns In of the layer of each array: of biases, too.
func inputsOf(all []*masks.Synapses) (inputs []int) {
	in := make([]int, all[len(all)-1].Layer+1)
	for _, s := range all {
		if !s.Bias {
			in[s.Layer] = s.In
		}
		inputs = append(inputs, in[s.Layer])
	}
	return inputs
}

// needsFactors refuses what hides the factors of gradients, or changes the gradients.
func needsFactors(r *masks.Rule, net masks.Network, path string) error {
	if _, ok := r.Synapse.(masks.Deterministic); !ok {
		return schema.Fieldf("rule.synapse", "%s changes gradients, and %s learns from their factors; take deterministic", masks.SynapseKinds.Name(r.Synapse), path)
	}
	for _, layer := range net.Layers {
		if layer.Tied || layer.Triangular {
			return schema.Fieldf(path, "needs the factors of gradients, which a layer whose weights are those of another, or join its units to each other, does not have")
		}
	}
	return nil
}
