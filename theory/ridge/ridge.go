// Package ridge is the theory called ridge: masked gradient descent on ridge regression,
// solved exactly in the limit of many inputs.
package ridge

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"ergon/internal/schema"
	"ergon/theory"
)

// Ridge is gradient descent that can be solved exactly, mask and all. A student w of
// d inputs learns n = αd examples y = w*·x/√d + s·ξ of a teacher |w*|² = d, x and ξ
// N(0,1), all of them in each step, from w(0) = m0·w* + √R·N(0,1):
//
//	w(t+1) = w - η·M ⊙ G,   G = Σ_μ (w·x/√d - y)·x/√d + λw,   M ~ Bernoulli(p) anew.
//
// For large d the modes of XᵀX/d are independent, of eigenvalues x by Marchenko and
// Pastur. A mode tends to f = x/(x+λ) of its teacher, but for the labels' noise, and on
// average the fraction a = 1 - pη(x+λ) of its distance from there is left after a step,
//
//	m(t) = ⟨f + (m0 - f)·aᵗ⟩.
//
// The mask adds to each mode the same noise: the mean square S of its distance follows
//
//	S(t+1) = a²·S(t) + η²p(1-p)·⟨G²⟩,   ⟨G²⟩ = ⟨(x+λ)²·S⟩,
//
// which vanishes with the gradient. Where the end is does not depend on p; how fast it
// is reached, and whether at all, does.
//
// A step changes the part p of the synapses by η|G| each and dissipates pη⟨G²⟩ per
// synapse. ⟨|G|⟩ is √(2/π·⟨G²⟩) where all may change; see [Ridge.synapses] for the
// others, whose gradients are not Gaussian.
type Ridge struct {
	Alpha        float64 `key:"alpha" doc:"α, examples per input" in:"(0,1000]"`
	Lambda       float64 `key:"lambda" doc:"λ of the penalty λ|w|²/2" in:"[0,1000]"`
	LearningRate float64 `key:"eta" doc:"learning rate η" in:"(0,inf)"`
	P            float64 `key:"p" doc:"probability that a synapse may change in a step" in:"(0,1]"`
	Overlap      float64 `key:"m0" doc:"overlap m(0) = w·w*/d of the first weights (the column m0 counts changes)" in:"[-1000,1000]"`
	Spread       float64 `key:"r" doc:"R, variance of the first weights around m0·w*" in:"[0,1000]"`
	Noise        float64 `key:"s" doc:"deviation of the labels' noise" in:"[0,1000]"`
	Steps        int     `key:"steps" doc:"steps of gradient descent" in:"[1,10000]"`
	Simulate     int     `key:"simulate" doc:"simulated courses, each with its own examples; 0: prediction alone" in:"[0,100000]"`
	D            int     `key:"d" doc:"inputs of a simulation; alpha·d must be whole" in:"[2,100000]"`
	Seed         uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Ridge)(nil)

func init() {
	theory.Theories.Register("ridge", schema.Doc{
		Summary: "masked gradient descent on ridge regression: curves, cost, largest learning rate",
		Source:  "Marchenko & Pastur 1967; the static limit of Mignacco et al. 2020, arXiv 2006.06098, solved for quadratic loss",
	}, func() theory.Theory {
		return &Ridge{Alpha: 3, Lambda: 0.5, LearningRate: 0.1, P: 1, Overlap: 0.2, Spread: 1, Steps: 40, D: 600}
	})
}

// Limits of what is computed. With a mask the history of each synapse is followed, at a
// cost quadratic in steps.
const (
	longestHistory = 1000
	mostMemory     = 4 << 30 // bytes
)

// Validate refuses what would take too long, or too much memory, and examples that
// are no whole number.
func (r *Ridge) Validate() error {
	examples := r.Alpha * float64(r.D)
	memory := 8 * examples * float64(r.D) * float64(min(r.Simulate, runtime.GOMAXPROCS(0)))
	switch {
	case r.P < 1 && r.Steps > longestHistory:
		return schema.Fieldf("steps", "%d are too many with a mask; give at most %d, or p=1", r.Steps, longestHistory)
	case r.Simulate == 0:
		return nil
	case math.Abs(examples-math.Round(examples)) > 1e-6*examples || examples < 0.5:
		return schema.Fieldf("d", "alpha·d = %.6g is no number of examples; give a d for which it is whole", examples)
	case memory > mostMemory:
		return schema.Fieldf("d", "the examples of simulations side by side take %.1f GiB, more than %d; give a smaller d", memory/(1<<30), mostMemory>>30)
	}
	return nil
}

// Predict implements Theory.
func (r *Ridge) Predict(ctx context.Context) (*theory.Result, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	predicted, err := r.predict(ctx)
	if err != nil {
		return nil, err
	}
	simulated, err := r.simulate(ctx)
	if err != nil {
		return nil, err
	}
	result := theory.CurveTable("t", theory.Steps(r.Steps), predicted.withSimulations(simulated)...)
	r.addScalars(result)
	result.Notes = r.notes(predicted)
	return result, nil
}

// addScalars adds the scalars.
func (r *Ridge) addScalars(result *theory.Result) {
	result.Scalars["m_inf"], result.Scalars["e_inf"] = nil, nil
	if r.LearningRate < r.Stability() {
		overlap, distance := r.Stationary()
		result.Scalars["m_inf"], result.Scalars["e_inf"] = theory.Known(overlap), theory.Known(distance)
	}
	result.Scalars["eta_c"] = theory.Known(r.Stability())
	result.Scalars["contraction"] = theory.Known(r.Contraction())
}

// notes says how to read the table, and where prediction and simulation may differ.
func (r *Ridge) notes(c *trajectory) []string {
	notes := []string{
		"m = w·w*/d, e = |w-w*|²/d, c = |w|²/d; train_loss and test_loss are means of (w·x/√d - y)²/2 over the examples and over fresh ones",
		"per synapse, of the step that starts at t: m0 the part that changes, m1 the mean |Δw|, dissipation η·p·⟨G²⟩; m0_total and m1_total are sums over the steps before t, m1_min is the mean |w(t)-w(0)|, inefficiency m1_total/m1_min",
		"contraction is the factor by which |w-w(∞)| shrinks in a step, in the long run; at eta_c it is 1",
	}
	if r.P < 1 {
		notes = append(notes, fmt.Sprintf("p < 1: a gradient is a mixture over its synapse's own masks; the Gaussian √(2/π·⟨G²⟩) would be up to %.2g %% above the ⟨|G|⟩ of m1, which is sampled to %.2g %%",
			100*c.gaussianExcess, 100*c.sampling))
	}
	if excess := r.finiteSizeExcess(); r.Simulate > 0 && excess > 0.05 {
		notes = append(notes, fmt.Sprintf("d = %d is small here: where the noise of masks decides, simulations may lie above the prediction by up to about %.1g of it", r.D, excess))
	}
	if limit := r.Stability(); r.LearningRate >= limit {
		notes = append(notes, fmt.Sprintf("eta %g is not below eta_c = %.6g: the curves are exact, and grow without end", r.LearningRate, limit))
	} else if _, distance := r.Stationary(); math.IsInf(distance, 0) {
		notes = append(notes, "e_inf is infinite: with alpha = 1 and lambda = 0 the labels' noise is amplified without bound")
	}
	return notes
}
