package rules

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// ClipValue clamps the update of each synapse to ±Bound of its layer. An
// element-wise clip of single-presentation updates is biased: with one-hot targets it
// cuts the rare large errors and not the frequent small ones. A bound well below the
// learning rate can so prevent learning.
type ClipValue struct {
	Bound []float64 `key:"bound" doc:"largest |Δw|, in units of the weights, layer by layer (one number: of every layer); .inf: none" in:"(0,inf]"`
}

var (
	_ masks.Clip  = (*ClipValue)(nil)
	_ masks.Local = (*ClipValue)(nil)
)

func init() {
	masks.Clips.Register("value", schema.Doc{Summary: "each Δw is clamped to ±bound"},
		func() masks.Clip { return &ClipValue{Bound: []float64{0.01}} })
}

// Locality implements Local.
func (*ClipValue) Locality() (masks.Locality, error) { return masks.Alone, nil }

// Limits implements Clip.
func (c *ClipValue) Limits(net masks.Network) (masks.Limits, error) {
	limits := masks.Unlimited(net)
	bounds, err := masks.PerLayer("bound", c.Bound, len(net.Layers))
	for l, bound := range bounds {
		if limits.Value[l] = float32(bound); limits.Value[l] == 0 {
			return limits, schema.Fieldf("bound", "%g is 0 in float32, and nothing would be learned", bound)
		}
	}
	return limits, err
}
