// Package measure has what looks on while a network is trained: the observer for the
// ledger, and estimators of the gradients' noise, the units' activity, the work of the
// synapses, and what the σ of stochastic synapses depend on. Nothing here changes a run.
package measure

import (
	"ergon/energy/bounds"
	"ergon/graph"
	"ergon/internal/finite"
)

// Gradients are sampled so seldom that it takes a few percent of the time of training.
const (
	SampleInterval = 16  // steps between samples
	ProbeInterval  = 256 // steps between samples at batch 1, which need a pass of their own
	ProbeSize      = 32  // presentations of that pass
)

// Gradients estimates the moments of the gradients of single presentations, on some
// steps. A batch needs no pass of its own: presentation s has
//
//	|g_s|² = Σ_l |σ_l|² (|x_l|² + 1)
//
// with its errors σ_l and inputs x_l of each layer l (without the 1 where there are no
// biases; of a convolution the gradient is computed), and |⟨g⟩|² is that of the batch's
// gradient. A step at batch 1 has no variance; there the present weights are run on the
// presentations to come. Presentations that the gate keeps out do not count. nil samples
// nothing.
type Gradients struct {
	layers []*graph.Layer
	batch  int       // presentations of a full step
	ahead  Ahead     // nil: batch 1 is not sampled
	all    Pool      // since the start
	period Pool      // since the last evaluation
	last   Pool      // between the last two evaluations
	single []float32 // scratch: the gradient of a layer of one presentation
}

// Ahead runs the present weights on the n presentations that come after a step,
// and returns the program that did.
type Ahead func(step, n int) (*graph.Program, error)

// NewGradients samples the training of a model in steps of batch presentations.
// Without ahead nothing is sampled at batch 1.
func NewGradients(m graph.Model, batch int, ahead Ahead) *Gradients {
	return &Gradients{layers: m.Layers(), batch: batch, ahead: ahead}
}

// Pool is the sum of samples, each with the weight of its presentations.
type Pool struct {
	Presentations               int
	meanSquares, traceVariances float64
}

// add adds the moments of m presentations.
func (p *Pool) add(g bounds.Gradients, m int) {
	p.Presentations += m
	p.meanSquares += float64(m) * g.MeanSquare
	p.traceVariances += float64(m) * g.TraceVariance
}

// Moments returns the means; ok is false where nothing was sampled or nothing varies.
func (p *Pool) Moments() (g bounds.Gradients, ok bool) {
	n := float64(p.Presentations)
	return bounds.Gradients{MeanSquare: p.meanSquares / n, TraceVariance: p.traceVariances / n}, p.traceVariances > 0
}

// Sample adds the batch of a step, which p has run, if the step is one to sample.
func (g *Gradients) Sample(step int, p *graph.Program) error {
	if !g.Samples(step) {
		return nil
	}
	return g.Take(p)
}

// Samples says whether the gradients of a step's own batch are sampled, and so have
// to be computed.
func (g *Gradients) Samples(step int) bool {
	return g != nil && g.batch > 1 && step%SampleInterval == 0
}

// Probe runs, after some steps at batch 1, the weights on the presentations to come,
// and adds their gradients.
func (g *Gradients) Probe(step int) error {
	if g == nil || g.batch > 1 || step%ProbeInterval != 0 || g.ahead == nil {
		return nil
	}
	p, err := g.ahead(step, ProbeSize)
	if err != nil {
		return err
	}
	return g.Take(p)
}

// Take adds the gradients of the presentations that p has run.
func (g *Gradients) Take(p *graph.Program) error {
	open := p.Open()
	if open < 2 {
		return nil // one presentation has no variance
	}
	mean, err := g.squaredGradient(p)
	if err != nil {
		return err
	}
	squares := 0.0
	for l, layer := range g.layers {
		if !layer.Fixed {
			squares += g.squares(p, l, layer)
		}
	}
	// The program's loss is the mean over the batch. Scale to single presentations, and
	// to the mean of those that are open.
	batch, m := float64(p.Batch), float64(open)
	moments := bounds.EstimateGradients(squares*batch*batch, mean*(batch/m)*(batch/m), open)
	if !finite.Is(moments.MeanSquare) || !finite.Is(moments.TraceVariance) {
		return nil
	}
	g.all.add(moments, open)
	g.period.add(moments, open)
	return nil
}

// NextPeriod ends a period between evaluations, and begins the next. A period
// without samples does not count.
func (g *Gradients) NextPeriod() {
	if g == nil || g.period.Presentations == 0 {
		return
	}
	g.last, g.period = g.period, Pool{}
}

// All returns the samples since the start; of nil, none.
func (g *Gradients) All() Pool {
	if g == nil {
		return Pool{}
	}
	return g.all
}

// Last returns the samples between the last two evaluations; of nil, none.
func (g *Gradients) Last() Pool {
	if g == nil {
		return Pool{}
	}
	return g.last
}
