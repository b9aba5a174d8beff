package graph

import (
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/schema"
)

// SoftmaxXent is the cross-entropy -Σ_o t_o ln p_o of p = softmax(y), averaged
// over the batch; targets are one-hot or sum to one. The gradient is (p - t)/B.
type SoftmaxXent struct{}

var _ Loss = SoftmaxXent{}

func init() {
	Losses.Register("softmax_xent", schema.Doc{Summary: "cross-entropy of softmax(y), mean over the batch"}, func() Loss { return SoftmaxXent{} })
}

// Node implements Loss.
func (SoftmaxXent) Node(output, target *G.Node) (*G.Node, error) {
	return apply(crossEntropy{}, output, target)
}

// crossEntropy is L = 1/B Σ_b Σ_o t (ln Σ e^y - y): y and t [B,O], L scalar.
type crossEntropy struct{}

var _ differentiable = crossEntropy{}

func (crossEntropy) String() string { return "SoftmaxXent" }

func (crossEntropy) ranks() ([]int, int) { return []int{2, 2}, 0 }

func (f crossEntropy) shape(in []tensor.Shape) (tensor.Shape, error) { return scalarOf(f, in) }

func (crossEntropy) evaluate(loss []float64, in []array) {
	B, O := in[0].shape[0], in[0].shape[1]
	for b := range B {
		y, t := in[0].data[b*O:(b+1)*O], in[1].data[b*O:(b+1)*O]
		logSum := logSumExp(y)
		for o := range y {
			loss[0] += t[o] * (logSum - y[o])
		}
	}
	loss[0] /= float64(B)
}

func (crossEntropy) compile(c *compiler, loss []float32, in []operand) func() {
	p, t, B := newSoftmax(in[0]), in[1].data, in[0].shape[0]
	sum := c.sum(B, p.rowsOfPart(), func(lo, hi int) (sum float64) {
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

func (crossEntropy) lower(l *lowering, loss deviceOperand, in []deviceOperand) error {
	return l.lossValue("softmax_xent", loss, in)
}

func (crossEntropy) wrt() []bool { return []bool{true, false} }

func (crossEntropy) gradients(in G.Nodes, _, grad *G.Node) (G.Nodes, error) {
	dy, err := apply(crossEntropyGradient{}, in[0], in[1], grad)
	return G.Nodes{dy, nil}, err
}

// crossEntropyGradient is dy = g (softmax(y) - t)/B: y and t [B,O], g scalar.
type crossEntropyGradient struct{}

func (crossEntropyGradient) String() string { return "SoftmaxXentGradient" }

func (crossEntropyGradient) ranks() ([]int, int) { return []int{2, 2, 0}, 2 }

func (f crossEntropyGradient) shape(in []tensor.Shape) (tensor.Shape, error) {
	return sameShape(f, in[:2])
}

func (crossEntropyGradient) evaluate(dy []float64, in []array) {
	B, O, g := in[0].shape[0], in[0].shape[1], in[2].data[0]
	for b := range B {
		y, t := in[0].data[b*O:(b+1)*O], in[1].data[b*O:(b+1)*O]
		logSum := logSumExp(y)
		for o := range y {
			dy[b*O+o] = g * (math.Exp(y[o]-logSum) - t[o]) / float64(B)
		}
	}
}

func (crossEntropyGradient) compile(c *compiler, dy []float32, in []operand) func() {
	p, t, g, B := newSoftmax(in[0]), in[1].data, in[2].data, in[0].shape[0]
	return c.parts(B, p.rowsOfPart(), func(lo, hi int) {
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

func (crossEntropyGradient) lower(l *lowering, dy deviceOperand, in []deviceOperand) error {
	return l.lossGradient("softmax_xent", dy, in)
}

// logSumExp returns ln Σ e^y without overflow.
func logSumExp(y []float64) float64 {
	top := slices.Max(y) // NaN if one is
	if math.IsInf(top, 0) {
		return math.NaN() // logits without a scale: let the divergence show
	}
	sum := 0.0
	for _, v := range y {
		sum += math.Exp(v - top)
	}
	return top + math.Log(sum)
}

// scalarOf is the shape rule of losses.
func scalarOf(f formula, in []tensor.Shape) (tensor.Shape, error) {
	if !in[0].Eq(in[1]) {
		return nil, fmt.Errorf("graph: %v of shapes %v: output and target must be equal", f, in)
	}
	return tensor.ScalarShape(), nil
}
