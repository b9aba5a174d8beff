package quasistatic

import (
	"ergon/graph/activation"
	"ergon/graph/op"
	"ergon/internal/blas"
)

// relaxer relaxes the presentations of a batch side by side, by matrix products. Each
// presentation takes steps u - αp of its own length until it is at rest. The first α is 1,
// which is nearly right for soft outputs; the next follow Barzilai & Borwein's rule
// (1988), the inverse of the curvature along the last step.
type relaxer struct {
	*relax
	batch, hidden int
	first, target []float32
	strains       []float32 // u [B,H]
	levels        []*level
	p, last       []float32 // directions of this step and the last [B,H]
	alpha         []float64 // [B]
	moving        []bool    // [B]: not at rest yet
}

// level is a hidden layer with the synapses onto the layer above it.
type level struct {
	at, units, above int
	activation       activation.Activation // of the layer above
	state            []float32             // x of the hidden layer [B,units]
	response         []float32             // f(y) of the layer above [B,above]
	summed           []float32             // what f' is computed from [B,above]
	error            []float32             // ∂/∂y of the layer above [B,above]
	sent             []float32             // ∂/∂x of the hidden layer [B,units]
	forward, back    func()                // the products
}

// Compile implements op.Formula.
func (f *relax) Compile(c *op.Compiler, u []float32, in []op.Operand) func() {
	r := &relaxer{relax: f, batch: in[0].Shape[0], first: in[0].Data, target: in[1].Data, strains: u}
	r.hidden = len(u) / r.batch
	r.p, r.last = make([]float32, len(u)), make([]float32, len(u))
	r.alpha, r.moving = make([]float64, r.batch), make([]bool, r.batch)
	at := 0
	for k := range f.uppers {
		w := in[f.weights(k)]
		v := r.newLevel(at, w, f.response(k))
		v.compile(c, r.batch, w.Data, f.biases(k, in))
		r.levels = append(r.levels, v)
		at += v.units
	}
	return r.run
}

// biases returns the biases of upper layer k, or nil.
func (f *relax) biases(k int, in []op.Operand) []float32 {
	if !f.bias {
		return nil
	}
	return in[f.weights(k)+1].Data
}

func (r *relaxer) newLevel(at int, w op.Operand, f activation.Activation) *level {
	units, above := w.Shape[0], w.Shape[1]
	matrix := func(width int) []float32 { return make([]float32, r.batch*width) }
	v := &level{at: at, units: units, above: above, activation: f}
	v.state, v.sent = matrix(units), matrix(units)
	v.response, v.error = matrix(above), matrix(above)
	if v.summed = v.response; !f.FromOutput() {
		v.summed = matrix(above)
	}
	return v
}

// compile prepares the products of a level.
func (v *level) compile(c *op.Compiler, batch int, w, b []float32) {
	forward := blas.Product{Library: c.Library, Pool: c.Pool, M: batch, N: v.above, K: v.units, A: v.state, B: w, C: v.response}
	if b != nil {
		forward.Accumulate = true
		forward.Prologue = func(r0, r1, c0, c1 int) {
			for r := r0; r < r1; r++ {
				copy(v.response[r*v.above+c0:r*v.above+c1], b[c0:c1])
			}
		}
	}
	v.forward = forward.Compile()
	v.back = blas.Product{
		Library: c.Library, Pool: c.Pool, M: batch, N: v.units, K: v.above, TransB: true, A: v.error, B: w, C: v.sent,
	}.Compile()
}

// run brings every presentation to rest.
func (r *relaxer) run() {
	r.relaxation.Begin()
	clear(r.strains)
	for b := range r.alpha {
		r.alpha[b], r.moving[b] = 1, true
	}
	for iteration, left := 1, r.batch; left > 0; iteration++ {
		r.forward()
		r.backward()
		for b, moving := range r.moving {
			if moving && r.step(b, iteration) {
				r.moving[b] = false
				left--
			}
		}
	}
}

// forward computes the strained network's activity.
func (r *relaxer) forward() {
	below, H := r.first, r.hidden
	for _, v := range r.levels {
		for b := range r.batch {
			addRow(v.state[b*v.units:(b+1)*v.units], below[b*v.units:(b+1)*v.units], r.strains[b*H+v.at:])
		}
		v.forward()
		if !v.activation.FromOutput() {
			copy(v.summed, v.response)
		}
		activation.Forward(v.activation, v.response)
		below = v.response
	}
}

// backward computes p, from the top down.
func (r *relaxer) backward() {
	top := r.levels[len(r.levels)-1]
	for i, y := range top.response {
		top.error[i] = y - r.target[i]
	}
	ratio := float32(r.ratio)
	for k := len(r.levels) - 1; k >= 0; k-- {
		v := r.levels[k]
		if k < len(r.levels)-1 {
			copy(v.error, r.levels[k+1].sent)
		}
		activation.Backward(v.activation, v.error, v.error, v.summed)
		v.back()
		for b := range r.batch {
			row := b*r.hidden + v.at
			p, u := r.p[row:row+v.units], r.strains[row:row+v.units]
			for i, s := range v.sent[b*v.units : (b+1)*v.units] {
				p[i] = u[i] + float32(ratio*s)
			}
		}
	}
}

// step moves presentation b, unless it is at rest or has used up its iterations: then it
// records that, and the presentation is done.
func (r *relaxer) step(b, iteration int) (done bool) {
	lo, hi := b*r.hidden, (b+1)*r.hidden
	p, last, u := r.p[lo:hi], r.last[lo:hi], r.strains[lo:hi]
	force := unbalanced(dot(p, p), dot(u, u), r.ratio)
	if !(force > r.relaxation.Residual) || iteration >= r.relaxation.Limit {
		r.relaxation.Record(iteration, force)
		return true
	}
	if iteration > 1 {
		r.alpha[b] = barzilaiBorwein(r.alpha[b], dot(last, p)/dot(last, last))
	}
	alpha := float32(r.alpha[b])
	for i, v := range p {
		u[i] -= float32(alpha * v)
	}
	copy(last, p)
	return false
}

// barzilaiBorwein returns the length |Δu|²/(Δu·Δp) of the next step, given the length of the
// last one and the fraction of p that is left along it. It is at most 1: the springs of
// the hidden units have curvature 1, and the outputs add to that.
func barzilaiBorwein(alpha, left float64) float64 {
	if left >= 1-alpha {
		return 1
	}
	return alpha / (1 - left)
}

// dot returns Σ a·b in float64, in four sums that hide the latency of an addition.
func dot(a, b []float32) float64 {
	var sums [4]float64
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		x, y := (*[4]float32)(a), (*[4]float32)(b)
		for k := range sums {
			sums[k] += float64(x[k]) * float64(y[k])
		}
		a, b = a[4:], b[4:]
	}
	for k, v := range a {
		sums[k] += float64(v) * float64(b[k])
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3])
}
