package loss

import (
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/device"
	"ergon/graph/op"
	"ergon/internal/schema"
)

// SoftmaxXent is the cross-entropy -Σ_o t_o ln p_o of p = softmax(y), averaged
// over the batch; targets are one-hot or sum to one. The gradient is (p - t)/B.
type SoftmaxXent struct{}

var _ Demanding = SoftmaxXent{}

func init() {
	Kinds.Register("softmax_xent", schema.Doc{Summary: "cross-entropy of softmax(y), mean over the batch"}, func() Loss { return SoftmaxXent{} })
}

// Node implements Loss.
func (SoftmaxXent) Node(output, target *G.Node) (*G.Node, error) {
	return op.Apply(crossEntropy{}, output, target)
}

// CheckOutputs implements Demanding: of a single output, softmax is always 1.
func (SoftmaxXent) CheckOutputs(outputs int) error {
	if outputs < 2 {
		return schema.Fieldf("loss", "softmax_xent over a single output is always 0, take mse")
	}
	return nil
}

// crossEntropy is L = 1/B Σ_b Σ_o t (ln Σ e^y - y): y and t [B,O], L scalar.
type crossEntropy struct{}

var _ op.Differentiable = crossEntropy{}

func (crossEntropy) String() string { return "SoftmaxXent" }

// Ranks implements op.Formula.
func (crossEntropy) Ranks() ([]int, int) { return []int{2, 2}, 0 }

// Shape implements op.Formula.
func (f crossEntropy) Shape(in []tensor.Shape) (tensor.Shape, error) { return ScalarShape(f, in) }

// Evaluate implements op.Formula.
func (crossEntropy) Evaluate(loss []float64, in []op.Array) {
	B, O := in[0].Shape[0], in[0].Shape[1]
	for b := range B {
		y, t := in[0].Data[b*O:(b+1)*O], in[1].Data[b*O:(b+1)*O]
		logSum := logSumExp(y)
		for o := range y {
			loss[0] += t[o] * (logSum - y[o])
		}
	}
	loss[0] /= float64(B)
}

// Compile implements op.Formula.
func (crossEntropy) Compile(c *op.Compiler, loss []float32, in []op.Operand) func() {
	p, t, B := newSoftmax(in[0]), in[1].Data, in[0].Shape[0]
	sum := c.Sum(B, p.rowsOfChunk(), func(lo, hi int) (sum float64) {
		p.compute(lo, hi)
		for b := lo; b < hi; b++ {
			y, _ := p.row(b)
			logSum := p.logSum(b)
			for o, t := range t[b*p.width:][:len(y)] {
				sum += float64(t) * (logSum - float64(y[o]))
			}
		}
		return sum
	})
	return func() { loss[0] = float32(sum() / float64(B)) }
}

// Lower implements device.Lowered.
func (crossEntropy) Lower(l *device.Lowering, loss device.Operand, in []device.Operand) error {
	return l.LossValue("softmax_xent", loss, in)
}

// WRT implements op.Differentiable.
func (crossEntropy) WRT() []bool { return []bool{true, false} }

// Gradients implements op.Differentiable.
func (crossEntropy) Gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := op.Apply(crossEntropyGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil}, err
}

// crossEntropyGradient is dy = g (softmax(y) - t)/B: y and t [B,O], g scalar.
type crossEntropyGradient struct{}

func (crossEntropyGradient) String() string { return "SoftmaxXentGradient" }

// Ranks implements op.Formula.
func (crossEntropyGradient) Ranks() ([]int, int) { return []int{2, 2, 0}, 2 }

// Shape implements op.Formula.
func (f crossEntropyGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return op.SameShape(f, in[:2])
}

// Evaluate implements op.Formula.
func (crossEntropyGradient) Evaluate(dy []float64, in []op.Array) {
	B, O, g := in[0].Shape[0], in[0].Shape[1], in[2].Data[0]
	for b := range B {
		y, t := in[0].Data[b*O:(b+1)*O], in[1].Data[b*O:(b+1)*O]
		logSum := logSumExp(y)
		for o := range y {
			dy[b*O+o] = g * (math.Exp(y[o]-logSum) - t[o]) / float64(B)
		}
	}
}

// Compile implements op.Formula.
func (crossEntropyGradient) Compile(c *op.Compiler, dy []float32, in []op.Operand) func() {
	p, t, g, B := newSoftmax(in[0]), in[1].Data, in[2].Data, in[0].Shape[0]
	return c.Chunks(B, p.rowsOfChunk(), func(lo, hi int) {
		p.compute(lo, hi)
		scale := float64(g[0]) / float64(B)
		for b := lo; b < hi; b++ {
			_, exps := p.row(b)
			dy, t, one := dy[b*p.width:][:len(exps)], t[b*p.width:][:len(exps)], 1/p.sum[b]
			for o, e := range exps {
				dy[o] = float32(scale * (e*one - float64(t[o])))
			}
		}
	})
}

// Lower implements device.Lowered.
func (crossEntropyGradient) Lower(l *device.Lowering, dy device.Operand, in []device.Operand) error {
	return l.LossGradient("softmax_xent", dy, in)
}

// logSumExp returns ln Σ e^y without overflow.
func logSumExp(y []float64) float64 {
	top := slices.Max(y) // NaN if one is
	if math.IsInf(top, 0) {
		return math.NaN() // the network has diverged, and must show it
	}
	sum := 0.0
	for _, v := range y {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}
