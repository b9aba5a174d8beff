package masks

import (
	"math"

	"ergon/internal/schema"
)

// Clip limits the update, after mask and learning rate. A kind registers itself in Clips.
type Clip interface {
	// Limits returns the limits of a network's update. It fails where the
	// settings do not fit the network.
	Limits(net Network) (Limits, error)
}

// Limits bounds the update of a step, in units of the weights. An update vector
// longer than Norm is scaled down first, then each Δw is clamped. +Inf is no limit.
type Limits struct {
	Value    []float32 // of each layer: largest |Δw| of a synapse
	Norm     float64   // largest Euclidean length of an update vector
	PerLayer bool      // each layer's update is one vector, weights and biases together; else the network's
}

// Unlimited returns limits that leave every update of a network as it is.
func Unlimited(net Network) Limits {
	value := make([]float32, len(net.Layers))
	for l := range value {
		value[l] = float32(math.Inf(1))
	}
	return Limits{Value: value, Norm: math.Inf(1)}
}

// Vectors returns the number of update vectors that Norm bounds.
func (l *Limits) Vectors() int {
	if l.PerLayer {
		return len(l.Value)
	}
	return 1
}

// Vector returns the number of the update vector to which a layer belongs.
func (l *Limits) Vector(layer int) int {
	if l.PerLayer {
		return layer
	}
	return 0
}

// Scale returns the factor for an update vector of the given squared length: at
// most 1.
func (l *Limits) Scale(square float64) float32 {
	if length := math.Sqrt(square); length > l.Norm {
		return float32(l.Norm / length)
	}
	return 1
}

// NoClip leaves the update as it is.
type NoClip struct{}

var (
	_ Clip  = NoClip{}
	_ Local = NoClip{}
)

func init() {
	Clips.Register("none", schema.Doc{Summary: "no clip"}, func() Clip { return NoClip{} })
}

// Limits implements Clip.
func (NoClip) Limits(net Network) (Limits, error) { return Unlimited(net), nil }

// Locality implements Local.
func (NoClip) Locality() (Locality, error) { return Alone, nil }
