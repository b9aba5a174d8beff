// Package competitive has the mask of the largest updates, and the selections that find
// them: from the whole gradient, per unit, among units, or from the factors of an outer
// product.
package competitive

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// Competitive keeps the synapses of the largest updates: "competitive plasticity" of
// van Rossum & Pache 2024. Of the n magnitudes |Δw| of a layer it keeps the
// k = n - round((1-p)(n-1)) largest, and all that tie with the k-th. The rounding is
// half to even. The mask is new in every step.
//
// |Δw| is that of plain gradient descent, η|∂L/∂w|, whatever the optimizer. A synapse
// whose gradient is zero never wins, even if fewer than k synapses have a gradient.
//
// Synapses that masks listed before this one freeze take part with a magnitude of 0
// and cannot win (the paper's rule 2000, subnet and competitive). The same holds for
// neurons onto which all synapses are frozen. With order smallest they do not take
// part, but n counts them.
type Competitive struct {
	masks.Share
	Among string `key:"scope" doc:"who competes: the synapses of a layer, of a neuron (those onto it), or of the whole network" oneof:"layer|neuron|network"`
	Order string `key:"order" doc:"who wins; smallest is the paper's control" oneof:"largest|smallest"`
	By    string `key:"by" doc:"what is compared: |update| or |weight| of synapses; or of neurons |activity| or |error|, summed over the batch, and all synapses onto the neuron win" oneof:"update|weight|activity|error"`
	masks.Scope
}

var _ masks.MaskSpec = (*Competitive)(nil)

func init() {
	masks.Masks.Register("competitive", schema.Doc{
		Summary: "the share p of largest updates is made, others are not",
		Source:  "van Rossum & Pache 2024, rules 20, 2020, 2000; controls 21-23, 30-33, 40, 41",
		Definition: "By update, |∂L/∂w| is compared, whatever the optimizer, of weights and biases together unless biases is false. Of the n synapses of a layer (a neuron, the " +
			"network) the k = n - round((1-p)(n-1)) largest win, with halves rounded to even, and all that tie with the k-th; a gradient of 0 " +
			"never wins. Masks listed before limit who competes, while n stays what it was. balance leaves constant inputs out of n_1 and n.",
	}, func() masks.MaskSpec {
		return &Competitive{
			Share: masks.Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: masks.Scope{Biases: true},
		}
	})
}

// Validate implements schema's check of fields against each other.
func (c *Competitive) Validate() error {
	switch {
	case c.Among == "network" && (len(c.P) > 1 || c.Balance):
		return schema.Fieldf("scope", "network is one competition: p is one number, without balance")
	case c.Among != "layer" && c.ofUnits():
		return schema.Fieldf("scope", "is layer where neurons compete (by: %s)", c.By)
	}
	return c.Share.Validate()
}

// ofUnits reports whether neurons compete rather than synapses.
func (c *Competitive) ofUnits() bool { return c.By == "activity" || c.By == "error" }
