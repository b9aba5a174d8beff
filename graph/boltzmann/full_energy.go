package boltzmann

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/graph/ops"
)

// enumeratedMeans are ⟨s_i⟩ [R,N] of the rows of an [enumeration] [R,1+N²].
type enumeratedMeans struct{ units int }

var _ op.Formula = enumeratedMeans{}

func (f enumeratedMeans) String() string { return fmt.Sprintf("EnumeratedMeans{%d}", f.units) }

// Ranks implements op.Formula.
func (enumeratedMeans) Ranks() ([]int, int) { return []int{2}, 2 }

// Shape implements op.Formula.
func (f enumeratedMeans) Shape(in []tensor.Shape) (tensor.Shape, error) {
	if in[0][1] != 1+f.units*f.units {
		return nil, fmt.Errorf("graph: %v of shape %v: want [R,1+N²]", f, in[0])
	}
	return tensor.Shape{in[0][0], f.units}, nil
}

// Evaluate implements op.Formula.
func (f enumeratedMeans) Evaluate(out []float64, in []op.Array) {
	for k := range out {
		out[k] = in[0].Data[f.place(k)]
	}
}

// Compile implements op.Formula.
func (f enumeratedMeans) Compile(_ *op.Compiler, out []float32, in []op.Operand) func() {
	return func() {
		for k := range out {
			out[k] = in[0].Data[f.place(k)]
		}
	}
}

// place returns where number k of the output is in the input.
func (f enumeratedMeans) place(k int) int {
	r, i := k/f.units, k%f.units
	return r*(1+f.units*f.units) + 1 + i*(f.units+1)
}

// enumeratedEnergies are the free energies F [R] of an [enumeration] [R,1+N²], as functions of
// W [N,N] and b [N]. Their gradients are made of the moments, and of the means [R,N].
type enumeratedEnergies struct{}

var _ op.Differentiable = enumeratedEnergies{}

func (enumeratedEnergies) String() string { return "EnumeratedEnergies" }

// Ranks implements op.Formula.
func (enumeratedEnergies) Ranks() ([]int, int) { return []int{2, 2, 2, 1}, 1 }

// Shape implements op.Formula.
func (enumeratedEnergies) Shape(in []tensor.Shape) (tensor.Shape, error) {
	return tensor.Shape{in[0][0]}, nil
}

// Evaluate implements op.Formula.
func (enumeratedEnergies) Evaluate(F []float64, in []op.Array) {
	for r := range F {
		F[r] = in[0].Data[r*in[0].Shape[1]]
	}
}

// Compile implements op.Formula.
func (enumeratedEnergies) Compile(_ *op.Compiler, F []float32, in []op.Operand) func() {
	return func() {
		for r := range F {
			F[r] = in[0].Data[r*in[0].Shape[1]]
		}
	}
}

// WRT implements op.Differentiable.
func (enumeratedEnergies) WRT() []bool { return []bool{false, false, true, true} }

// Gradients implements op.Differentiable: dz = -dF·⟨s⟩, dW_ij = -Σ dF ⟨s_i s_j⟩ and db = Σ dz.
func (enumeratedEnergies) Gradients(in G.Nodes, _, dF *G.Node) (G.Nodes, error) {
	b := builder{}
	dz := b.apply(weighted{}, dF, in[1])
	dW := b.apply(pairGradient{}, dF, in[0], in[3])
	db := b.apply(ops.BiasGradient{}, dz)
	return G.Nodes{nil, nil, dW, db}, b.err
}

// pairGradient is dW_ij = -Σ_r dF_r ⟨s_i s_j⟩_r for i < j, and 0 elsewhere, where nothing is a
// synapse: dF [R], an [enumeration] [R,1+N²], b [N], dW [N,N].
type pairGradient struct{}

var _ op.Formula = pairGradient{}

func (pairGradient) String() string { return "PairGradient" }

// Ranks implements op.Formula.
func (pairGradient) Ranks() ([]int, int) { return []int{1, 2, 1}, 2 }

// Shape implements op.Formula.
func (f pairGradient) Shape(in []tensor.Shape) (tensor.Shape, error) {
	n := in[2][0]
	if in[0][0] != in[1][0] || in[1][1] != 1+n*n {
		return nil, fmt.Errorf("graph: %v of shapes %v: want dF [R], moments [R,1+N²], b [N]", f, in)
	}
	return tensor.Shape{n, n}, nil
}

// Evaluate implements op.Formula.
func (pairGradient) Evaluate(dW []float64, in []op.Array) {
	dF, size, n := in[0].Data, in[1].Shape[1], in[2].Shape[0]
	for r, weight := range dF {
		moments := in[1].Data[r*size+1 : (r+1)*size]
		for i := range n {
			for j := i + 1; j < n; j++ {
				dW[i*n+j] -= weight * moments[i*n+j]
			}
		}
	}
}

// Compile implements op.Formula. It adds in float64: near the end of learning, presentations
// and model all but cancel.
func (pairGradient) Compile(_ *op.Compiler, dW []float32, in []op.Operand) func() {
	dF, size, n := in[0].Data, in[1].Shape[1], in[2].Shape[0]
	sums := make([]float64, len(dW))
	return func() {
		clear(sums)
		for r, weight := range dF {
			moments := in[1].Data[r*size+1 : (r+1)*size]
			for i := range n {
				for j := i + 1; j < n; j++ {
					sums[i*n+j] -= float64(weight) * float64(moments[i*n+j])
				}
			}
		}
		for k, sum := range sums {
			dW[k] = float32(sum)
		}
	}
}
