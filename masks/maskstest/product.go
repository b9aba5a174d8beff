package maskstest

import (
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/internal/philox"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// Product is one array of synapses whose gradient is dW = xᵀ·dz of a step's
// presentations, computed when it is asked for.
type Product struct {
	Parameter
	X, DZ          []float32 // [B,In] and [B,Out]
	in, out, batch int
	computed       bool
	Asked          int // how often the whole gradient was computed

	rows, columns []int32   // all of them
	blocks        []float32 // the gradient that Each computes
}

var _ masks.Factored = (*Product)(nil)

// Grad implements gorgonia.ValueGrad.
func (p *Product) Grad() (G.Value, error) {
	if !p.computed {
		p.computed = true
		p.Asked++
		return p.gradient, p.Part(nil, nil, p.Gradient())
	}
	return p.gradient, nil
}

// Factors implements masks.Factored.
func (p *Product) Factors() (x, dz []float32, ok bool) { return p.X, p.DZ, !p.computed }

// Part implements masks.Factored.
func (p *Product) Part(pre, post []int32, part []float32) error {
	if pre == nil {
		pre = p.rows
	}
	if post == nil {
		post = p.columns
	}
	for r, i := range pre {
		for c, o := range post {
			sum := p.X[int(i)] * p.DZ[int(o)] // of a single presentation zeros have signs
			for b := 1; b < p.batch; b++ {
				sum += float32(p.X[b*p.in+int(i)] * p.DZ[b*p.out+int(o)])
			}
			part[r*len(post)+c] = sum
		}
	}
	return nil
}

// Stream implements masks.Factored, in blocks of four rows and five columns.
func (p *Product) Stream(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error {
	dw := p.blocks
	if err := p.Part(nil, nil, dw); err != nil {
		return err
	}
	for r := 0; r < p.in; r += 4 {
		for c := 0; c < p.out; c += 5 {
			learn(r, min(r+4, p.in), c, min(c+5, p.out), dw[r*p.out+c:], p.out)
		}
	}
	return nil
}

// Network is the parameters of layers. The gradients of weights are products, computed on
// demand; those of biases are in memory.
type Network struct {
	Parameters []G.ValueGrad
	layers     []masks.Layer
	seed       uint64
}

// NewNetwork makes the parameters of layers, with weights drawn from a seed.
func NewNetwork(layers []masks.Layer, seed uint64) *Network {
	n := &Network{layers: layers, seed: seed, Parameters: Parameters(layers, seed)}
	for a, s := range masks.Arrays(layers) {
		if !s.Bias {
			n.Parameters[a] = &Product{
				Parameter: n.Parameters[a].(Parameter), in: s.In, out: s.Out, blocks: make([]float32, s.In*s.Out),
				rows: submatrix.Range(0, s.In, nil), columns: submatrix.Range(0, s.Out, nil),
			}
		}
	}
	return n
}

// Present draws the activities and errors of batch presentations for a step, about half of
// them 0, sets the gradients that follow, and returns the presentation. With writtenOut,
// products are computed at once. live has the live units of each layer, nil meaning all:
// the errors of other units hold only a zero/non-zero marker.
func (n *Network) Present(step uint64, batch int, writtenOut bool, live [][]int32) (masks.Presentation, error) {
	stream := philox.New(n.seed, "test/factors")
	p := masks.Presentation{Batch: batch, Presented: batch + int(step%3), Loss: stream.Float64(step, 1<<50)}
	for b := range batch {
		p.Labels = append(p.Labels, int32(stream.Intn(step, uint64(b), Classes)))
	}
	at := uint64(1000)
	draw := func(units int) []float32 {
		list := make([]float32, batch*units)
		for i := range list {
			if at++; stream.Uint32(step, at)%2 == 0 {
				list[i] = float32(stream.Normal(step, at+1<<40))
			}
		}
		return list
	}
	p.Activity = append(p.Activity, draw(n.layers[0].In))
	for _, layer := range n.layers {
		p.Activity, p.Errors = append(p.Activity, draw(layer.Out)), append(p.Errors, draw(layer.Out))
	}
	for l, units := range live {
		mark(p.Errors[l], n.layers[l].Out, units)
	}
	for a, s := range masks.Arrays(n.layers) {
		dz := p.Errors[s.Layer]
		if s.Bias {
			g := n.Parameters[a].(Parameter).Gradient()
			clear(g)
			for i, d := range dz {
				g[i%s.Out] += d
			}
			continue
		}
		w := n.Parameters[a].(*Product)
		w.X, w.DZ, w.batch, w.computed = p.Activity[s.Layer], dz, batch, false
		if writtenOut {
			if _, err := w.Grad(); err != nil {
				return p, err
			}
		}
	}
	return p, nil
}

// Again marks the gradients of the last step as not computed.
func (n *Network) Again() {
	for _, p := range n.Parameters {
		if w, ok := p.(*Product); ok {
			w.computed = false
		}
	}
}

// mark replaces the non-zero errors [B,units] of units that are not live by a marker.
func mark(errors []float32, units int, live []int32) {
	for i := range errors {
		if live != nil && !slices.Contains(live, int32(i%units)) && errors[i] != 0 {
			errors[i] = 7
		}
	}
}

// Weights returns the parameters' weights, array by array, not copies.
func (n *Network) Weights() (all [][]float32) {
	for _, p := range n.Parameters {
		all = append(all, weightsOf(p))
	}
	return all
}

// weightsOf returns a parameter's weights, not a copy.
func weightsOf(p G.ValueGrad) []float32 {
	if product, ok := p.(*Product); ok {
		return product.Weights()
	}
	return p.(Parameter).Weights()
}
