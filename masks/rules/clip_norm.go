package rules

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// ClipNorm scales an update vector that is longer than Bound down to that length,
// ΔJ ← ΔJ·min(1, Bound/|ΔJ|) (Pascanu, Mikolov & Bengio 2013, who clip the gradient).
// The vector is the update of the whole network, or of each layer, weights and biases
// together.
type ClipNorm struct {
	Bound float64 `key:"bound" doc:"largest Euclidean length of an update, in units of the weights; .inf: none" in:"(0,inf]"`
	Per   string  `key:"per" doc:"network: all layers' update is one vector; layer: each layer's is its own" oneof:"network|layer"`
}

var (
	_ masks.Clip  = (*ClipNorm)(nil)
	_ masks.Local = (*ClipNorm)(nil)
)

func init() {
	masks.Clips.Register("norm", schema.Doc{Summary: "an update longer than bound is scaled down to it, as a whole or layer by layer"},
		func() masks.Clip { return &ClipNorm{Bound: 1, Per: "network"} })
}

// Locality implements Local: a synapse knows the length of the update.
func (*ClipNorm) Locality() (masks.Locality, error) { return masks.MeanField, nil }

// Limits implements Clip.
func (c *ClipNorm) Limits(net masks.Network) (masks.Limits, error) {
	limits := masks.Unlimited(net)
	limits.Norm, limits.PerLayer = c.Bound, c.Per == "layer"
	return limits, nil
}
