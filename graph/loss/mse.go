package loss

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/schema"
)

// MSE is the squared error ½ Σ_o (y_o - t_o)², averaged over the batch but not
// over the outputs: the gradient is (y - t)/B, so that at batch 1 the error of
// an output unit is its target less its activity, as in van Rossum & Pache
// 2024 and Li & van Rossum 2020.
type MSE struct{}

var _ Loss = MSE{}

func init() {
	Kinds.Register("mse", schema.Doc{Summary: "½ Σ (y-t)², mean over the batch, sum over the outputs"}, func() Loss { return MSE{} })
}

// Node implements Loss.
func (MSE) Node(output, target *G.Node) (*G.Node, error) {
	return op.Apply(SquaredError{}, output, target)
}

// SquaredError is L = 1/(2B) Σ_b Σ_o (y - t)²: y and t [B,O], L scalar.
type SquaredError struct{}

var _ op.Differentiable = SquaredError{}

func (SquaredError) String() string { return "MSE" }

// Ranks implements op.Formula.
func (SquaredError) Ranks() ([]int, int) { return []int{2, 2}, 0 }

// Shape implements op.Formula.
func (f SquaredError) Shape(in []tensor.Shape) (tensor.Shape, error) { return ScalarShape(f, in) }

// Evaluate implements op.Formula.
func (SquaredError) Evaluate(loss []float64, in []op.Array) {
	y, t := in[0].Data, in[1].Data
	for i := range y {
		loss[0] += (y[i] - t[i]) * (y[i] - t[i])
	}
	loss[0] /= 2 * float64(in[0].Shape[0])
}

// Compile implements op.Formula.
func (SquaredError) Compile(c *op.Compiler, loss []float32, in []op.Operand) func() {
	y, t, B := in[0].Data, in[1].Data, in[0].Shape[0]
	sum := c.Sum(len(y), op.Grain, func(lo, hi int) (sum float64) {
		for i := lo; i < hi; i++ {
			d := float64(y[i]) - float64(t[i])
			sum += float64(d * d) // rounded: a fused multiply-add would give other bits
		}
		return sum
	})
	return func() { loss[0] = float32(sum() / (2 * float64(B))) }
}

// Lower implements device.Lowered.
func (SquaredError) Lower(l *device.Lowering, loss device.Operand, in []device.Operand) error {
	return l.LossValue("mse", loss, in)
}

// WRT implements op.Differentiable.
func (SquaredError) WRT() []bool { return []bool{true, false} }

// Gradients implements op.Differentiable.
func (SquaredError) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(SquaredErrorGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil}, err
}

// SquaredErrorGradient is dy = g (y - t)/B: y and t [B,O], g scalar.
type SquaredErrorGradient struct{}

func (SquaredErrorGradient) String() string { return "MSEGradient" }

// Ranks implements op.Formula.
func (SquaredErrorGradient) Ranks() ([]int, int) { return []int{2, 2, 0}, 2 }

// Shape implements op.Formula.
func (f SquaredErrorGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return op.SameShape(f, in[:2])
}

// Evaluate implements op.Formula.
func (SquaredErrorGradient) Evaluate(dy []float64, in []op.Array) {
	y, t, g := in[0].Data, in[1].Data, in[2].Data[0]
	for i := range dy {
		dy[i] = g * (y[i] - t[i]) / float64(in[0].Shape[0])
	}
}

// Compile implements op.Formula.
func (SquaredErrorGradient) Compile(c *op.Compiler, dy []float32, in []op.Operand) func() {
	y, t, g, B := in[0].Data, in[1].Data, in[2].Data, float32(in[0].Shape[0])
	return c.Elementwise(len(dy), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			dy[i] = g[0] * (y[i] - t[i]) / B
		}
	})
}

// Lower implements device.Lowered.
func (SquaredErrorGradient) Lower(l *device.Lowering, dy device.Operand, in []device.Operand) error {
	return l.LossGradient("mse", dy, in)
}
