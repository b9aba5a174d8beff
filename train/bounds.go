package train

import (
	"ergon/energy/bounds"
	"ergon/internal/finite"
	"ergon/masks/rules"
	"ergon/train/measure"
	"ergon/train/rundir"
)

// boundsOf returns the bounds of a run at its end.
func boundsOf(r *Run, parameters int) rundir.Bounds {
	t, n := r.Config.Energy.Temperature, float64(parameters)
	learned := r.learnedFrom()
	d := float64(learned)
	uses := 0.0
	for _, l := range r.Model.Layers() {
		uses += float64(l.Rows() * l.Parameters())
	}
	bits := 32 * r.Ledger.Total().WeightWrites
	b := rundir.Bounds{
		Temperature: t, Thermal: bounds.Thermal(t), Landauer: bounds.Landauer(t),
		ErasedBits: bits, Erasure: float64(bits) * bounds.Landauer(t),
		QuasiStatic: bounds.QuasiStaticInference, DigitalOnce: bounds.DigitalInference(uses, t),
		Presentations: learned, AnalogInfimum: bounds.AnalogTraining(n, d, t, 1),
		DigitalTraining: bounds.DigitalTraining(uses, d, t),
	}
	for _, l := range r.Model.Layers() {
		b.Units += l.Units()
	}
	boundInference(&b, r)
	boundTraining(&b, r, n)
	return b
}

// learnedFrom returns how many presentations went through the backward pass. It is
// computed from the multiply-accumulates of the first layer.
func (r *Run) learnedFrom() int64 {
	first := r.Ledger.Layers[0]
	return first.Backward.MACs / max(first.Products(), 1)
}

// boundInference fills in what depends on the activity of the units.
func boundInference(b *rundir.Bounds, r *Run) {
	if r.evaluator == nil {
		return
	}
	shares := r.activity.Shares()
	if shares == nil {
		return
	}
	active := 0.0
	for _, p := range shares {
		active += p
	}
	b.ActiveUnits = &active
	b.Dynamic = finite.OrNil(bounds.DynamicInferenceUnits(shares, b.Temperature))
	b.DynamicSparse = finite.OrNil(bounds.DynamicInferenceSparse(float64(b.Units), active/float64(b.Units), b.Temperature))
}

// boundTraining fills in what depends on the gradients; n is the number of parameters.
func boundTraining(b *rundir.Bounds, r *Run, n float64) {
	b.Gradients, b.GradientsLast = gradientNoiseOf(r, r.gradients.All(), n), gradientNoiseOf(r, r.gradients.Last(), n)
	if b.Gradients == nil {
		return
	}
	// R is at least 1; an estimate may be less because of its noise.
	b.AnalogTraining = finite.OrNil(bounds.AnalogTraining(n, float64(b.Presentations), b.Temperature, max(b.Gradients.Ratio, 1)))
	if scale := b.Gradients.NoiseScale; scale != nil {
		b.AnalogBatched = finite.OrNil(bounds.AnalogTrainingBatched(n, float64(r.OpenSteps), float64(b.Presentations), b.Temperature, *scale))
	}
	if b.AnalogTraining != nil && *b.AnalogTraining > 0 {
		b.Ratio = finite.OrNil(b.DigitalTraining / *b.AnalogTraining)
	}
}

// gradientNoiseOf sums up samples; nil where there are none. n is the number of parameters.
func gradientNoiseOf(r *Run, p measure.Pool, n float64) *rundir.GradientNoise {
	g, ok := p.Moments()
	if !ok {
		return nil
	}
	noise := &rundir.GradientNoise{Presentations: p.Presentations, MeanSquare: g.MeanSquare, TraceVariance: g.TraceVariance, Ratio: g.Ratio()}
	if g.MeanSquare > g.TraceVariance {
		noise.NoiseScale = finite.OrNil(g.NoiseScale())
	}
	if rate, ok := r.learningRate(); ok {
		noise.Threshold = finite.OrNil(g.ThresholdTemperature(rate, n, 1))
		noise.ThresholdStep = finite.OrNil(g.ThresholdTemperature(rate, n, float64(r.Config.Train.Batch)))
	}
	return noise
}

// learningRate returns the learning rate η of sgd and langevin that the next open step would have,
// by the loss that was seen so far. ok is false for
// other optimizers, whose steps are not η times a gradient.
func (r *Run) learningRate() (rate float64, ok bool) {
	switch optimizer := r.Config.Rule.Optimizer.(type) {
	case *rules.SGD:
		return optimizer.RateAfter(r.OpenSteps, r.power) * r.updater.RateShare(), true
	case *rules.Langevin:
		return optimizer.LearningRate, true
	}
	return 0, false
}
