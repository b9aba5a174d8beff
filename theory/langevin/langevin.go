// Package langevin is the theory called langevin: online linear regression with thermal
// noise, solved exactly.
package langevin

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// Langevin is the temperature below which thermal noise does not disturb
// learning, in a model that can be solved: online linear regression. N weights
// learn y = w*·x + s·ξ, x ~ N(0,I), by the masked steps
//
//	Δw = M ⊙ (-η·g + √(2kTη)·ξ),   g = mean over B presentations of (w·x - y)·x,
//
// with M of probability p. The squared distance e = |w - w*|² is, on average, exactly
//
//	e(t+1) = e∞ + λ·(e(t) - e∞),   λ = 1 - pη(2 - ηq),   q = 1 + (N+1)/B,
//	e∞ = (η·N·s²/B + 2kT·N)/(2 - ηq) = e∞(T=0)·(1 + T/T*),   kT* = η·s²/(2B):
//
// at T* thermal noise equals the noise of the gradient and the error doubles,
// whatever p is. Where the noise reaches all synapses, not only those that may
// change in the step, T* is p times that.
//
// The work is the mean of p·η·|g|² a step. With the noise tr Σ of a single
// presentation's gradient, ḡ its mean, and the temperature η·tr Σ/(2NB) of the
// step, it is 2N·p·(1 + B·|ḡ|²/tr Σ) of them; at B = 1 Eq. 16 with
// R = ⟨|g|²⟩/tr Σ = 1 + |ḡ|²/tr Σ. Energies are in units of the loss (w·x-y)²/2.
type Langevin struct {
	N            int       `key:"n" doc:"weights" in:"[1,100000]"`
	LearningRate float64   `key:"lr" doc:"learning rate η" in:"(0,inf)"`
	Noise        float64   `key:"noise" doc:"s, deviation of the labels' noise" in:"(0,inf)"`
	Batch        int       `key:"batch" doc:"B, presentations of a step" in:"[1,100000]"`
	P            float64   `key:"p" doc:"probability that a synapse may change in a step" in:"(0,1]"`
	Bath         string    `key:"bath" doc:"which synapses thermal noise reaches: those that may change in the step, or all" oneof:"plastic|all"`
	Ratios       []float64 `key:"ratio" doc:"temperatures, as multiples of T*" in:"[0,inf)"`
	Simulate     int       `key:"simulate" doc:"simulated courses of learning; 0: prediction alone" in:"[0,100000]"`
	Steps        int       `key:"steps" doc:"observed steps of a course, after ten relaxation times that are not" in:"[1,1000000000]"`
	Seed         uint64    `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Langevin)(nil)

func init() {
	theory.Theories.Register("langevin", schema.Doc{
		Summary: "the temperature at which thermal noise disturbs learning, and the work of learning",
		Source:  "Tkachenko 2025, arXiv 2503.09980, Eqs. 11-16, solved for online linear regression",
	}, func() theory.Theory {
		return &Langevin{
			N: 50, LearningRate: 0.005, Noise: 0.5, Batch: 1, P: 1, Bath: "plastic",
			Ratios: []float64{0, 0.1, 1, 10}, Simulate: 16, Steps: 20_000,
		}
	})
}

// Validate refuses a learning rate at which w runs away from w*, or that is too
// slow to be simulated, and asks for a temperature.
func (l *Langevin) Validate() error {
	switch most := 2 / l.gradientGrowth(); {
	case l.LearningRate >= most:
		return schema.Fieldf("lr", "learning diverges at %g; give less than 2/(1+(n+1)/batch) = %.6g", l.LearningRate, most)
	case l.Simulate > 0 && 10*l.relaxation() > theory.MaxSimulatedSteps:
		return schema.Fieldf("lr", "a course takes %.3g steps to forget its start; give a larger one, or simulate=0", 10*l.relaxation())
	case len(l.Ratios) == 0:
		return schema.Fieldf("ratio", "no temperature; give one or more")
	}
	return nil
}

// Predict implements Theory.
func (l *Langevin) Predict(ctx context.Context) (*theory.Result, error) {
	if err := l.Validate(); err != nil {
		return nil, err
	}
	students, err := l.simulate(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([][]theory.Quantity, len(l.Ratios))
	for t, ratio := range l.Ratios {
		rows[t] = l.row(ratio, students.at(t), students.at(len(l.Ratios)))
	}
	result := theory.Table(rows)
	result.Scalars["threshold"] = theory.Known(l.Threshold())
	result.Scalars["relaxation_steps"] = theory.Known(l.relaxation())
	result.Notes = []string{
		"energies in units of the loss; temperature is kT, threshold kT*; e_inf is |w-w*|² in the stationary state, work that of a step",
		"bound is work / [2N·p·kT_g·(1 + B/B_simple)], where kT_g = η·tr Σ/(2NB) and B_simple = tr Σ/|ḡ|² belong to the stationary state",
	}
	if l.Simulate > 0 {
		result.Notes = append(result.Notes, "all temperatures see the same presentations: their deviations are not independent")
	}
	return result, nil
}

// gradientGrowth returns q = 1 + (N+1)/B, by which the gradient grows with the distance:
// ⟨|g|²⟩ = q·e + N·s²/B.
func (l *Langevin) gradientGrowth() float64 { return 1 + float64(l.N+1)/float64(l.Batch) }

// Threshold returns kT*, at which e∞ is twice that without thermal noise.
func (l *Langevin) Threshold() float64 {
	threshold := l.LearningRate * l.Noise * l.Noise / (2 * float64(l.Batch))
	if l.Bath == "all" {
		threshold *= l.P
	}
	return threshold
}

// Stationary returns e∞, the mean |w-w*|² in the long run, at a multiple of T*.
func (l *Langevin) Stationary(ratio float64) float64 {
	noise := l.LearningRate * float64(l.N) * l.Noise * l.Noise / float64(l.Batch)
	return noise * (1 + ratio) / (2 - l.LearningRate*l.gradientGrowth())
}

// relaxation is the number of steps in which the distance of e from e∞ shrinks to 1/exp(1).
func (l *Langevin) relaxation() float64 {
	return -1 / math.Log1p(-l.P*l.LearningRate*(2-l.LearningRate*l.gradientGrowth()))
}

// gradient returns |ḡ|² and tr Σ, the squared mean and the variance of the
// gradient of a single presentation, at the error e.
func (l *Langevin) gradient(e float64) (mean, noise float64) {
	n := float64(l.N)
	return e, (n+1)*e + n*l.Noise*l.Noise
}

// Work returns the mean work of a step at the squared distance e.
func (l *Langevin) Work(e float64) float64 {
	mean, noise := l.gradient(e)
	return l.P * l.LearningRate * (mean + noise/float64(l.Batch))
}
