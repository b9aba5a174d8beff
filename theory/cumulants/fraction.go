package cumulants

import (
	"fmt"
	"slices"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

// fractions returns p_j of each synapse of an array, exactly as the masks are
// drawn: several are independent of one another, and their probabilities multiply.
func fractions(specs []masks.MaskSpec, net masks.Network, s *masks.Synapses) ([]float64, error) {
	p := make([]float64, s.In*s.Out)
	for i := range p {
		p[i] = 1
	}
	for i, spec := range specs {
		if err := thin(p, spec, net, s); err != nil {
			return nil, schema.Under(fmt.Sprintf("rule.mask[%d]", i), err)
		}
	}
	return p, nil
}

// thin multiplies p with the probability that a mask keeps each synapse.
func thin(p []float64, spec masks.MaskSpec, net masks.Network, s *masks.Synapses) error {
	switch mask := spec.(type) {
	case *rules.Full:
		return nil
	case *rules.Bernoulli:
		if mask.Redraw == "never" {
			return forLife("bernoulli")
		}
		if covers(mask.Scope, s) {
			scale(p, mask.P)
		}
		return nil
	case *rules.Neurons:
		if mask.Redraw == "never" {
			return forLife("neurons")
		}
		if covers(mask.Scope, s) {
			for range ends(mask.Side, s.Bias) {
				scale(p, mask.P)
			}
		}
		return nil
	case *rules.Subnet, *rules.Frozen:
		return keep(p, spec, net, s)
	case *rules.FixedSynapses:
		return forLife("synapses")
	case *rules.Alternating:
		return forLife("alternating")
	}
	return schema.Fieldf("kind", "%s: which synapses it keeps depends on what they are about to do, so that the average over it does not factor; theory takes full, bernoulli, neurons, subnet and frozen", masks.Masks.Name(spec))
}

// forLife is the error of masks that are random, but not drawn anew in each step.
func forLife(kind string) error {
	return schema.Fieldf("kind", "%s: it is drawn once for life, so that the average over it does not factor into steps; theory takes masks that are redrawn in each, or not random", kind)
}

// ends returns how many units have to be chosen for a synapse to be kept. A bias
// comes from a constant unit, which always is.
func ends(side string, bias bool) int {
	switch {
	case side == "both" && !bias:
		return 2
	case side == "pre" && bias:
		return 0
	}
	return 1
}

// covers says whether a mask of this scope applies to an array.
func covers(scope masks.Scope, s *masks.Synapses) bool {
	return (scope.Biases || !s.Bias) && (len(scope.Layers) == 0 || slices.Contains(scope.Layers, s.Layer+1))
}

func scale(p []float64, factor float64) {
	for i := range p {
		p[i] *= factor
	}
}

// keep sets p to zero where a mask that is not random does not keep a synapse.
func keep(p []float64, spec masks.MaskSpec, net masks.Network, s *masks.Synapses) error {
	mask, err := spec.New(net, 0, "")
	if err != nil || mask.KeepsAll(s) {
		return err
	}
	kept := mask.Select(s, 0, len(p), nil)
	for i := range p {
		if _, found := slices.BinarySearch(kept, int32(i)); !found {
			p[i] = 0
		}
	}
	return nil
}
