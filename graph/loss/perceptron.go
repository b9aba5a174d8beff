package graph

import (
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/schema"
)

// PerceptronLoss is Σ_o max(0, -y_o t_o), averaged over the batch, for targets
// t = ±1: what a linear output lacks to be on the target's side. The gradient
// is -t/B where y t ≤ 0 and 0 elsewhere, so that descent on single
// presentations is the perceptron rule (Rosenblatt 1962; Li & van Rossum 2020).
// At the kink y = 0 the output is on neither side and the rule learns, or zero
// weights never would.
type PerceptronLoss struct{}

var _ Loss = PerceptronLoss{}

func init() {
	Losses.Register("perceptron", schema.Doc{
		Summary: "Σ max(0, -y·t) of targets ±1, mean over the batch: the perceptron rule",
		Source:  "Rosenblatt 1962",
	}, func() Loss { return PerceptronLoss{} })
}

// Node implements Loss.
func (PerceptronLoss) Node(output, target *G.Node) (*G.Node, error) {
	return apply(wrongSide{}, output, target)
}

// wrongSide is L = 1/B Σ_b Σ_o max(0, -y t): y and t [B,O], L scalar.
type wrongSide struct{}

var _ differentiable = wrongSide{}

func (wrongSide) String() string { return "Perceptron" }

func (wrongSide) ranks() ([]int, int) { return []int{2, 2}, 0 }

func (f wrongSide) shape(in []tensor.Shape) (tensor.Shape, error) { return scalarOf(f, in) }

func (wrongSide) evaluate(loss []float64, in []array) {
	y, t := in[0].data, in[1].data
	for i := range y {
		loss[0] += max(0, -y[i]*t[i])
	}
	loss[0] /= float64(in[0].shape[0])
}

func (wrongSide) compile(c *compiler, loss []float32, in []operand) func() {
	y, t, B := in[0].data, in[1].data, in[0].shape[0]
	sum := c.sum(len(y), grain, func(lo, hi int) (sum float64) {
		for i := lo; i < hi; i++ {
			sum += max(0, -float64(y[i])*float64(t[i]))
		}
		return sum
	})
	return func() { loss[0] = float32(sum() / float64(B)) }
}

func (wrongSide) lower(l *lowering, loss deviceOperand, in []deviceOperand) error {
	return l.lossValue("perceptron", loss, in)
}

func (wrongSide) wrt() []bool { return []bool{true, false} }

func (wrongSide) gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := apply(wrongSideGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil}, err
}

// wrongSideGradient is dy = -g t/B where y t ≤ 0, else 0: y and t [B,O], g scalar.
type wrongSideGradient struct{}

func (wrongSideGradient) String() string { return "PerceptronGradient" }

func (wrongSideGradient) ranks() ([]int, int) { return []int{2, 2, 0}, 2 }

func (f wrongSideGradient) shape(in []tensor.Shape) (tensor.Shape, error) {
	return sameShape(f, in[:2])
}

func (wrongSideGradient) evaluate(dy []float64, in []array) {
	y, t, g := in[0].data, in[1].data, in[2].data[0]
	for i := range dy {
		if y[i]*t[i] <= 0 {
			dy[i] = -g * t[i] / float64(in[0].shape[0])
		}
	}
}

func (wrongSideGradient) compile(c *compiler, dy []float32, in []operand) func() {
	y, t, g, B := in[0].data, in[1].data, in[2].data, float32(in[0].shape[0])
	return c.elementwise(len(dy), func(lo, hi int) {
		for i := lo; i < hi; i++ {
			dy[i] = 0
			if y[i]*t[i] <= 0 {
				dy[i] = -g[0] * t[i] / B
			}
		}
	})
}

func (wrongSideGradient) lower(l *lowering, dy deviceOperand, in []deviceOperand) error {
	return l.lossGradient("perceptron", dy, in)
}
