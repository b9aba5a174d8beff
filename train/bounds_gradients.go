package train

import (
	"ergon/energy/bounds"
	"ergon/graph"
)

// How often gradients are sampled, in steps, so that it takes a few percent of
// the time of training.
const (
	gradientInterval       = 16
	gradientIntervalSingle = 256 // where a sample needs a pass of its own
	gradientProbe          = 32  // presentations of that pass
)

// gradients samples the moments of the gradients of single presentations on
// some steps. Those of a batch need no pass of their own: |g_s|² of presentation
// s is Σ_l |σ_l|² (|x_l|² + 1) with its errors σ and the inputs x of each layer
// (without the 1 where there are no biases; a convolution's are written out), and |⟨g⟩|² that of the batch's
// gradient. At batch 1 the present weights are instead tried on the
// presentations to come. What the gate keeps out is not learned from, and does not
// count. nil samples nothing.
type gradients struct {
	layers []*graph.Layer
	batch  int       // presentations of a full step
	ahead  ahead     // nil: batch 1 is not sampled
	all    pool      // since the start
	period pool      // since the last evaluation
	last   pool      // between the last two evaluations
	single []float32 // scratch: the gradient of a layer of one presentation
}

// ahead runs the present weights on the n presentations that come after a step,
// and returns the program that did.
type ahead func(step, n int) (*graph.Program, error)

// newGradients samples the training of a model in steps of batch presentations.
// Without ahead nothing is sampled at batch 1.
func newGradients(m graph.Model, batch int, ahead ahead) *gradients {
	return &gradients{layers: m.Layers(), batch: batch, ahead: ahead}
}

// pool adds up samples, each with the weight of its presentations.
type pool struct {
	presentations               int
	meanSquares, traceVariances float64
}

func (p *pool) add(g bounds.Gradients, m int) {
	p.presentations += m
	p.meanSquares += float64(m) * g.MeanSquare
	p.traceVariances += float64(m) * g.TraceVariance
}

// moments returns the means; ok is false where nothing was sampled or nothing varies.
func (p *pool) moments() (g bounds.Gradients, ok bool) {
	n := float64(p.presentations)
	return bounds.Gradients{MeanSquare: p.meanSquares / n, TraceVariance: p.traceVariances / n}, p.traceVariances > 0
}

// sample takes the batch of the step of this number, which p has run, for a sample if
// it is one. It changes nothing of the run.
func (g *gradients) sample(step int, p *graph.Program) error {
	if !g.looksAt(step) {
		return nil
	}
	return g.take(p)
}

// looksAt says whether the gradients of a step's own batch are a sample.
func (g *gradients) looksAt(step int) bool {
	return g != nil && g.batch > 1 && step%gradientInterval == 0
}

// probe tries, after some steps at batch 1, the weights on the presentations to come.
// It changes nothing of the run.
func (g *gradients) probe(step int) error {
	if g == nil || g.batch > 1 || step%gradientIntervalSingle != 0 || g.ahead == nil {
		return nil
	}
	return g.try(step)
}

// try takes the gradients of the presentations of the steps after one for a sample.
func (g *gradients) try(step int) error {
	p, err := g.ahead(step, gradientProbe)
	if err != nil {
		return err
	}
	return g.take(p)
}

// take enters the gradients of the presentations that p has run.
func (g *gradients) take(p *graph.Program) error {
	open := p.Open()
	if open < 2 {
		return nil // one presentation has no variance
	}
	mean, err := squaredGradient(p)
	if err != nil {
		return err
	}
	squares := 0.0
	for l, layer := range g.layers {
		squares += g.squares(p, l, layer)
	}
	// The program's loss is the mean over the batch: back to single
	// presentations, and to the mean of those that are open.
	batch, m := float64(p.Batch), float64(open)
	moments := bounds.EstimateGradients(squares*batch*batch, mean*(batch/m)*(batch/m), open)
	if !finite(moments.MeanSquare) || !finite(moments.TraceVariance) {
		return nil
	}
	g.all.add(moments, open)
	g.period.add(moments, open)
	return nil
}

// evaluated begins a new period.
func (g *gradients) evaluated() {
	if g == nil || g.period.presentations == 0 {
		return
	}
	g.last, g.period = g.period, pool{}
}
