package ops

import (
	"errors"
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/activation"
	"ergon/graph/op"
)

// Epsilon is added to variances, so that a channel that never varies is divided by
// something.
const Epsilon = 1e-5

// BatchNorm is y = f((z - μ)/√(σ² + ε)), channel by channel: z and y [R,C], moments
// [2,C], the means μ above the variances σ². It has no parameters. (Ioffe & Szegedy 2015,
// without their γ and β.)
//
// While a network learns, the moments are those of z itself ([Moments]), over the batch
// and all positions; when it answers, they are running averages, which do not depend on z.
type BatchNorm struct {
	Activation activation.Activation // f
	Learns     bool                  // moments are those of z, and errors pass through them
}

var _ op.Differentiable = BatchNorm{}

// Node adds f((z - μ)/√(σ² + ε)) to the graph of z. An activation whose derivative needs
// its input gets a node of its own.
func (f BatchNorm) Node(z, moments *G.Node) (*G.Node, error) {
	response := f.Activation
	split := !response.FromOutput()
	if split {
		f.Activation = activation.Linear{}
	}
	y, err := op.Apply(f, z, moments)
	if err != nil || !split {
		return y, err
	}
	return op.Apply(Activate{Activation: response}, y)
}

func (f BatchNorm) String() string {
	return fmt.Sprintf("BatchNorm{%s, learns %t}", activation.Kinds.Name(f.Activation), f.Learns)
}

// Ranks implements op.Formula.
func (BatchNorm) Ranks() ([]int, int) { return []int{2, 2}, 2 }

// Shape implements op.Formula.
func (f BatchNorm) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if err := checkMoments(f, in[0], in[1]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// checkMoments returns an error unless moments fit z.
func checkMoments(f op.Formula, z, moments tensor.Shape) error {
	if moments[0] != 2 || moments[1] != z[1] {
		return fmt.Errorf("graph: %v of shapes %v and %v: want z [R,C], moments [2,C]", f, z, moments)
	}
	return nil
}

// scaleOf returns 1/√(σ² + ε).
func scaleOf(variance float64) float64 { return 1 / math.Sqrt(variance+Epsilon) }

// Evaluate implements op.Formula.
func (f BatchNorm) Evaluate(y []float64, in []op.Array) {
	C := in[0].Shape[1]
	mean, variance := in[1].Data[:C], in[1].Data[C:]
	for i, z := range in[0].Data {
		y[i] = f.Activation.F((z - mean[i%C]) * scaleOf(variance[i%C]))
	}
}

// WRT implements op.Differentiable. Moments have no gradient of their own: the errors that
// pass through them are part of that of z, which they follow from.
func (BatchNorm) WRT() []bool { return []bool{true, false} }

// Gradients implements op.Differentiable.
func (f BatchNorm) Gradients(in G.Nodes, y, dy *G.Node) (G.Nodes, error) {
	if !f.Learns {
		return nil, errors.New("graph: a network that answers by running averages is not differentiated")
	}
	d, err := dy, error(nil)
	if _, linear := f.Activation.(activation.Linear); !linear {
		if d, err = op.Apply(ActivationError{f.Activation}, dy, y); err != nil {
			return nil, err
		}
	}
	dz, err := op.Apply(BatchNormError{}, d, in[0], in[1])
	return G.Nodes{dz, nil}, err
}

// Moments are the mean and the variance of each channel, over all rows: z [R,C], moments
// [2,C]. The variance is Σ(z - μ)²/R.
type Moments struct{}

func (Moments) String() string { return "Moments" }

// Ranks implements op.Formula.
func (Moments) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f Moments) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][0] < 2 {
		return nil, fmt.Errorf("graph: %v of shape %v: one number has no variance", f, in[0])
	}
	return tensor.Shape{2, in[0][1]}, nil
}

// Evaluate implements op.Formula.
func (Moments) Evaluate(moments []float64, in []op.Array) {
	R, C := float64(in[0].Shape[0]), in[0].Shape[1]
	mean, variance := moments[:C], moments[C:]
	for i, z := range in[0].Data {
		mean[i%C] += z / R
	}
	for i, z := range in[0].Data {
		variance[i%C] += (z - mean[i%C]) * (z - mean[i%C]) / R
	}
}

// BatchNormError is dz, given the errors d of n = (z - μ)/√(σ² + ε), where μ and σ² are
// the moments of z: d, z and dz [R,C], moments [2,C].
//
//	dz = (d - ⟨d⟩ - n ⟨n d⟩)/√(σ² + ε), with the means ⟨⟩ over rows
//
// It is orthogonal to z up to ε: a channel's scale does not matter to the loss.
type BatchNormError struct{}

func (BatchNormError) String() string { return "BatchNormError" }

// Ranks implements op.Formula.
func (BatchNormError) Ranks() ([]int, int) { return []int{2, 2, 2}, 2 }

// Shape implements op.Formula.
func (f BatchNormError) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if _, err := op.SameShape(f, in[:2]); err != nil {
		return nil, err
	}
	if err := checkMoments(f, in[1], in[2]); err != nil {
		return nil, err
	}
	return in[0].Clone(), nil
}

// Evaluate implements op.Formula.
func (BatchNormError) Evaluate(dz []float64, in []op.Array) {
	d, z, R, C := in[0].Data, in[1].Data, in[0].Shape[0], in[0].Shape[1]
	mean, variance := in[2].Data[:C], in[2].Data[C:]
	for c := range C {
		scale, errors, products := scaleOf(variance[c]), 0.0, 0.0
		for i := c; i < len(d); i += C {
			errors += d[i] / float64(R)
			products += d[i] * (z[i] - mean[c]) * scale / float64(R)
		}
		for i := c; i < len(d); i += C {
			dz[i] = scale * (d[i] - errors - (z[i]-mean[c])*scale*products)
		}
	}
}
