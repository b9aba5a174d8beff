package masks

import (
	"math"

	"ergon/internal/schema"
)

// Clip limits the update, after mask and learning rate. A kind registers itself in Clips.
type Clip interface {
	// Bound returns the largest |Δw| of a synapse; +Inf is no bound.
	Bound() float32
	// NormBound returns the largest Euclidean length of the whole network's
	// update; +Inf is no bound.
	NormBound() float64
}

// NoClip leaves the update as it is.
type NoClip struct{}

// ClipValue clamps the update of each synapse to ±Limit. Note that an
// element-wise clip of single-presentation updates is biased: with one-hot
// targets it cuts the rare large errors and not the frequent small ones, so a
// bound well below the learning rate can destroy learning.
type ClipValue struct {
	Limit float64 `key:"bound" doc:"largest |Δw|, in units of the weights; .inf: none" in:"(0,inf]"`
}

// ClipNorm scales the update of the whole network, weights and biases as one
// vector, down to length Limit where it is longer.
type ClipNorm struct {
	Limit float64 `key:"bound" doc:"largest Euclidean length of the network's update; .inf: none" in:"(0,inf]"`
}

var (
	_ Clip = NoClip{}
	_ Clip = (*ClipValue)(nil)
	_ Clip = (*ClipNorm)(nil)
)

func init() {
	Clips.Register("none", schema.Doc{Summary: "no clip"}, func() Clip { return NoClip{} })
	Clips.Register("value", schema.Doc{Summary: "each Δw is clamped to ±bound"}, func() Clip { return &ClipValue{Limit: 0.01} })
	Clips.Register("norm", schema.Doc{Summary: "the whole update is scaled to length bound where longer"}, func() Clip { return &ClipNorm{Limit: 1} })
}

// Bound implements Clip.
func (NoClip) Bound() float32 { return float32(math.Inf(1)) }

// NormBound implements Clip.
func (NoClip) NormBound() float64 { return math.Inf(1) }

// Bound implements Clip.
func (c *ClipValue) Bound() float32 { return float32(c.Limit) }

// NormBound implements Clip.
func (*ClipValue) NormBound() float64 { return math.Inf(1) }

// Bound implements Clip.
func (*ClipNorm) Bound() float32 { return float32(math.Inf(1)) }

// NormBound implements Clip.
func (c *ClipNorm) NormBound() float64 { return c.Limit }
