package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/schema"
)

// MSE is the squared error ½ Σ_o (y_o - t_o)², averaged over the batch but not
// over the outputs: the gradient is (y - t)/B, so that at batch 1 the error of
// an output unit is its target less its activity, as in van Rossum & Pache
// 2024 and Li & van Rossum 2020.
type MSE struct{}

var _ Loss = MSE{}

func init() {
	Losses.Register("mse", schema.Doc{Summary: "½ Σ (y-t)², mean over the batch, sum over the outputs"}, func() Loss { return MSE{} })
}

// Node implements Loss.
func (MSE) Node(output, target *G.Node) (*G.Node, error) {
	return apply(squaredError{}, output, target)
}

// squaredError is L = 1/(2B) Σ_b Σ_o (y - t)²: y and t [B,O], L scalar.
type squaredError struct{}

var _ differentiable = squaredError{}

func (squaredError) String() string { return "MSE" }

func (squaredError) ranks() ([]int, int) { return []int{2, 2}, 0 }

func (f squaredError) shape(in []tensor.Shape) (tensor.Shape, error) { return scalarOf(f, in) }

func (squaredError) evaluate(loss []float64, in []array) {
	y, t := in[0].data, in[1].data
	for i := range y {
		loss[0] += (y[i] - t[i]) * (y[i] - t[i])
	}
	loss[0] /= 2 * float64(in[0].shape[0])
}

func (squaredError) compile(c *compiler, loss []float32, in []operand) func() {
	y, t, B := in[0].data, in[1].data, in[0].shape[0]
	sum := c.sum(len(y), grain, func(lo, hi int) (sum float64) {
		for i := lo; i < hi; i++ {
			d := float64(y[i]) - float64(t[i])
			sum += float64(d * d) // rounded: a fused multiply-add would give other bits
		}
		return sum
	})
	return func() { loss[0] = float32(sum() / (2 * float64(B))) }
}

func (squaredError) lower(l *lowering, loss deviceOperand, in []deviceOperand) error {
	return l.lossValue("mse", loss, in)
}

func (squaredError) wrt() []bool { return []bool{true, false} }

func (squaredError) gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := apply(squaredErrorGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil}, err
}

// squaredErrorGradient is dy = g (y - t)/B: y and t [B,O], g scalar.
type squaredErrorGradient struct{}

func (squaredErrorGradient) String() string { return "MSEGradient" }

func (squaredErrorGradient) ranks() ([]int, int) { return []int{2, 2, 0}, 2 }

func (f squaredErrorGradient) shape(in []tensor.Shape) (tensor.Shape, error) {
	return sameShape(f, in[:2])
}

func (squaredErrorGradient) evaluate(dy []float64, in []array) {
	y, t, g := in[0].data, in[1].data, in[2].data[0]
	for i := range dy {
		dy[i] = g * (y[i] - t[i]) / float64(in[0].shape[0])
	}
}

func (squaredErrorGradient) compile(c *compiler, dy []float32, in []operand) func() {
	y, t, g, B := in[0].data, in[1].data, in[2].data, float32(in[0].shape[0])
	return c.elementwise(len(dy), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			dy[i] = g[0] * (y[i] - t[i]) / B
		}
	})
}

func (squaredErrorGradient) lower(l *lowering, dy deviceOperand, in []deviceOperand) error {
	return l.lossGradient("mse", dy, in)
}
