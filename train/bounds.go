package train

import (
	"ergon/energy/bounds"
	"ergon/masks"
)

// Bounds are the least energies in J that physics allows for what a run did, at
// the temperature energy.temperature (package energy/bounds has the equations).
// What was not measured is null.
type Bounds struct {
	Temperature float64 `json:"temperature"`  // K
	Thermal     float64 `json:"kt"`           // J
	Landauer    float64 `json:"landauer_bit"` // J

	ErasedBits int64   `json:"erased_bits"` // bits of the weights written, 32 a write
	Erasure    float64 `json:"erasure"`     // Landauer's cost of these

	// One inference, at the activity of the last evaluation's test set.
	Units           int      `json:"units"`                    // hidden and output units
	ActiveUnits     *float64 `json:"active_units"`             // mean over inferences
	Dynamic         *float64 `json:"dynamic_inference"`        // Eq. 5, exact for each unit
	DynamicSparse   *float64 `json:"dynamic_inference_sparse"` // Eq. 5 for few active units
	QuasiStatic     float64  `json:"quasi_static_inference"`   // Eq. 7: none
	DigitalOnce     float64  `json:"digital_inference"`        // 2 N · 16 kT ln 2; N counts the weights of a convolution at each position
	Presentations   int64    `json:"presentations"`            // D: learned from
	AnalogTraining  *float64 `json:"analog_training"`          // Eq. 16 with the measured R
	AnalogInfimum   float64  `json:"analog_training_infimum"`  // Eq. 16 with R = 1
	AnalogBatched   *float64 `json:"analog_training_batched"`  // each step's batch at once
	DigitalTraining float64  `json:"digital_training"`         // Eq. 17, with the same N
	Ratio           *float64 `json:"ratio"`                    // digital over analog training

	Gradients     *GradientNoise `json:"gradients"`      // over the whole run
	GradientsLast *GradientNoise `json:"gradients_last"` // between the last two evaluations
}

// GradientNoise is what the gradients of single presentations came to.
type GradientNoise struct {
	Presentations int      `json:"presentations"`      // that were sampled
	MeanSquare    float64  `json:"mean_square"`        // ⟨|g|²⟩
	TraceVariance float64  `json:"trace_variance"`     // tr Σ
	Ratio         float64  `json:"r"`                  // ⟨|g|²⟩/tr Σ
	NoiseScale    *float64 `json:"b_simple"`           // tr Σ/|⟨g⟩|²; null where noise hides ⟨g⟩
	Threshold     *float64 `json:"kt_threshold"`       // kT* = η tr Σ/(2N), in units of the loss; null unless the optimizer is sgd or langevin
	ThresholdStep *float64 `json:"kt_threshold_batch"` // η tr Σ/(2NB): that of the steps as they were made
}

// newBounds takes stock of a run at its end.
func newBounds(r *Run, parameters int) Bounds {
	t, n := r.Config.Energy.Temperature, float64(parameters)
	learned := r.learnedFrom()
	d := float64(learned)
	uses := 0.0
	for _, l := range r.Model.Layers() {
		uses += float64(l.Rows() * l.Parameters())
	}
	bits := 32 * r.Ledger.Total().WeightWrites
	b := Bounds{
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

// learnedFrom returns how many presentations went through the backward pass:
// the first layer's multiply-accumulates know.
func (r *Run) learnedFrom() int64 {
	first := r.Ledger.Layers[0]
	return first.Backward.MACs / (int64(first.In) * int64(first.Out) * int64(max(first.Positions, 1)))
}

// boundInference fills in what depends on the activity of the units.
func boundInference(b *Bounds, r *Run) {
	if r.evaluator == nil {
		return
	}
	shares := r.evaluator.activity.shares()
	if shares == nil {
		return
	}
	active := 0.0
	for _, p := range shares {
		active += p
	}
	b.ActiveUnits = &active
	b.Dynamic = ifFinite(bounds.DynamicInferenceUnits(shares, b.Temperature))
	b.DynamicSparse = ifFinite(bounds.DynamicInferenceSparse(float64(b.Units), active/float64(b.Units), b.Temperature))
}

// boundTraining fills in what depends on the gradients; n is the number of parameters.
func boundTraining(b *Bounds, r *Run, n float64) {
	if r.gradients == nil {
		return
	}
	b.Gradients, b.GradientsLast = newGradientNoise(r, &r.gradients.all, n), newGradientNoise(r, &r.gradients.last, n)
	if b.Gradients == nil {
		return
	}
	// R is at least 1: below is the noise of the estimate.
	b.AnalogTraining = ifFinite(bounds.AnalogTraining(n, float64(b.Presentations), b.Temperature, max(b.Gradients.Ratio, 1)))
	if scale := b.Gradients.NoiseScale; scale != nil {
		b.AnalogBatched = ifFinite(bounds.AnalogTrainingBatched(n, float64(r.Updates), float64(b.Presentations), b.Temperature, *scale))
	}
	if b.AnalogTraining != nil && *b.AnalogTraining > 0 {
		b.Ratio = ifFinite(b.DigitalTraining / *b.AnalogTraining)
	}
}

// newGradientNoise takes stock of samples; nil where there are none.
func newGradientNoise(r *Run, p *pool, n float64) *GradientNoise {
	g, ok := p.moments()
	if !ok {
		return nil
	}
	noise := &GradientNoise{Presentations: p.presentations, MeanSquare: g.MeanSquare, TraceVariance: g.TraceVariance, Ratio: g.Ratio()}
	if g.MeanSquare > g.TraceVariance {
		noise.NoiseScale = ifFinite(g.NoiseScale())
	}
	if rate, ok := r.learningRate(); ok {
		noise.Threshold = ifFinite(g.ThresholdTemperature(rate, n, 1))
		noise.ThresholdStep = ifFinite(g.ThresholdTemperature(rate, n, float64(r.Config.Train.Batch)))
	}
	return noise
}

// learningRate returns the present rate η of gradient descent, with or without
// heat; ok is false for other optimizers, whose steps are not η times a gradient.
func (r *Run) learningRate() (rate float64, ok bool) {
	switch optimizer := r.Config.Rule.Optimizer.(type) {
	case *masks.SGD:
		rate = optimizer.LearningRate
		if optimizer.Half > 0 {
			rate /= 1 + float64(r.Updates)/optimizer.Half
		}
		return rate, true
	case *masks.Langevin:
		return optimizer.LearningRate, true
	}
	return 0, false
}
