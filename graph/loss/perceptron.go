package loss

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/schema"
)

// Perceptron is Σ_o max(0, -y_o t_o), averaged over the batch, for targets
// t = ±1: how far a linear output is on the wrong side of 0. The gradient is -t/B
// where y t ≤ 0 and 0 elsewhere, so that descent on single presentations is the
// perceptron rule (Rosenblatt 1962; Li & van Rossum 2020). At the kink y = 0 the rule
// learns; otherwise weights that begin at zero would never change.
type Perceptron struct{}

var _ Loss = Perceptron{}

func init() {
	Kinds.Register("perceptron", schema.Doc{
		Summary: "Σ max(0, -y·t) of targets ±1, mean over the batch: the perceptron rule",
		Source:  "Rosenblatt 1962",
	}, func() Loss { return Perceptron{} })
}

// Node implements Loss.
func (Perceptron) Node(output, target *G.Node) (*G.Node, error) {
	return op.Apply(wrongSide{}, output, target)
}

// wrongSide is L = 1/B Σ_b Σ_o max(0, -y t): y and t [B,O], L scalar.
type wrongSide struct{}

var _ op.Differentiable = wrongSide{}

func (wrongSide) String() string { return "Perceptron" }

// Ranks implements op.Formula.
func (wrongSide) Ranks() ([]int, int) { return []int{2, 2}, 0 }

// Shape implements op.Formula.
func (f wrongSide) Shape(in []tensor.Shape) (tensor.Shape, error) { return ScalarShape(f, in) }

// Evaluate implements op.Formula.
func (wrongSide) Evaluate(loss []float64, in []op.Array) {
	y, t := in[0].Data, in[1].Data
	for i := range y {
		loss[0] += max(0, -y[i]*t[i])
	}
	loss[0] /= float64(in[0].Shape[0])
}

// Compile implements op.Formula.
func (wrongSide) Compile(c *op.Compiler, loss []float32, in []op.Operand) func() {
	y, t, B := in[0].Data, in[1].Data, in[0].Shape[0]
	sum := c.Sum(len(y), op.Grain, func(lo, hi int) (sum float64) {
		for i := lo; i < hi; i++ {
			sum += max(0, -float64(y[i])*float64(t[i]))
		}
		return sum
	})
	return func() { loss[0] = float32(sum() / float64(B)) }
}

// Lower implements device.Lowered.
func (wrongSide) Lower(l *device.Lowering, loss device.Operand, in []device.Operand) error {
	return l.LossValue("perceptron", loss, in)
}

// WRT implements op.Differentiable.
func (wrongSide) WRT() []bool { return []bool{true, false} }

// Gradients implements op.Differentiable.
func (wrongSide) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(wrongSideGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil}, err
}

// wrongSideGradient is dy = -g t/B where y t ≤ 0, else 0: y and t [B,O], g scalar.
type wrongSideGradient struct{}

func (wrongSideGradient) String() string { return "PerceptronGradient" }

// Ranks implements op.Formula.
func (wrongSideGradient) Ranks() ([]int, int) { return []int{2, 2, 0}, 2 }

// Shape implements op.Formula.
func (f wrongSideGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return op.SameShape(f, in[:2])
}

// Evaluate implements op.Formula.
func (wrongSideGradient) Evaluate(dy []float64, in []op.Array) {
	y, t, g := in[0].Data, in[1].Data, in[2].Data[0]
	for i := range dy {
		if y[i]*t[i] <= 0 {
			dy[i] = -g * t[i] / float64(in[0].Shape[0])
		}
	}
}

// Compile implements op.Formula.
func (wrongSideGradient) Compile(c *op.Compiler, dy []float32, in []op.Operand) func() {
	y, t, g, B := in[0].Data, in[1].Data, in[2].Data, float32(in[0].Shape[0])
	return c.Elementwise(len(dy), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			dy[i] = 0
			if y[i]*t[i] <= 0 {
				dy[i] = -g[0] * t[i] / B
			}
		}
	})
}

// Lower implements device.Lowered.
func (wrongSideGradient) Lower(l *device.Lowering, dy device.Operand, in []device.Operand) error {
	return l.LossGradient("perceptron", dy, in)
}
