package boltzmann

import (
	"fmt"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/graph/boltzmann/unit"
	"ergon/graph/op"
	"ergon/internal/simd"
)

// freeEnergy is F(v) = U(v) - a·v - Γ(z) of each row: v [R,V], fields z [R,H] of the hidden
// units and their means h = Γ'(z) [R,H], biases a [V]; F [R]. e^-F is the weight of v, summed
// over hidden units. Rows behind the first rows are offsets and no states; their F is 0.
type freeEnergy struct {
	visible, hidden unit.Unit
	*centring       // nil: the gradients are plain
	rows            int
}

var _ op.Differentiable = (*freeEnergy)(nil)

func (f *freeEnergy) String() string {
	return fmt.Sprintf("FreeEnergy{%s, %s, centred %t}", unit.Kinds.Name(f.visible), unit.Kinds.Name(f.hidden), f.centring != nil)
}

// Ranks implements op.Formula.
func (*freeEnergy) Ranks() ([]int, int) { return []int{2, 2, 2, 1}, 1 }

// Shape implements op.Formula.
func (f *freeEnergy) Shape(in []tensor.Shape) (tensor.Shape, error) {
	v, z, h, a := in[0], in[1], in[2], in[3]
	if v[0] != z[0] || v[0] < f.rows || !z.Eq(h) || a[0] != v[1] {
		return nil, fmt.Errorf("graph: %v of shapes %v: want v [R,V], z [R,H], h [R,H], a [V]", f, in)
	}
	return tensor.Shape{f.rows}, nil
}

// Evaluate implements op.Formula.
func (f *freeEnergy) Evaluate(F []float64, in []op.Array) {
	V, H := in[0].Shape[1], in[1].Shape[1]
	for r := range F {
		v, z := in[0].Data[r*V:(r+1)*V], in[1].Data[r*H:(r+1)*H]
		F[r] = f.visible.Potential(v) - f.hidden.LogPartition(z)
		for i, x := range v {
			F[r] -= in[3].Data[i] * x
		}
	}
}

// Compile implements op.Formula.
func (f *freeEnergy) Compile(c *op.Compiler, F []float32, in []op.Operand) func() {
	V, H, a := in[0].Shape[1], in[1].Shape[1], in[3].Data
	along := make([]float32, len(F)) // a·v
	return rowwise(c, len(F), V+H, func(r int) {
		v, z := in[0].Data[r*V:(r+1)*V], in[1].Data[r*H:(r+1)*H]
		simd.Dots(along[r:r+1], v, a)
		F[r] = float32(unit.Potential32(f.visible, v) - float64(along[r]) - unit.LogPartition32(f.hidden, z))
	})
}

// WRT implements op.Differentiable. The means are what the fields' gradient is made of.
func (*freeEnergy) WRT() []bool { return []bool{false, true, false, true} }

// Gradients implements op.Differentiable: dz = -dF·h and da = -Σ dF·v.
func (f *freeEnergy) Gradients(in G.Nodes, _, dF *G.Node) (G.Nodes, error) {
	v, h := in[0], in[2]
	dz, err := op.Apply(weighted{}, dF, h)
	if err != nil {
		return nil, err
	}
	var da *G.Node
	if f.centring == nil {
		da, err = op.Apply(visibleBiasGradient{}, v, dF)
		return G.Nodes{nil, dz, nil, da}, err
	}
	if f.errors, err = op.Apply(centredErrors{}, dF, dz, f.centring.hidden); err != nil {
		return nil, err
	}
	da, err = op.Apply(centredVisibleGradient{}, v, dF, f.errors, f.centring.hidden)
	return G.Nodes{nil, dz, nil, da}, err
}
