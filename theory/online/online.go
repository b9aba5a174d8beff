// Package online is the theory called online: online learning of a linear teacher with
// mask and clip, in the limit of many inputs.
package online

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// Online is a linear student that sees each presentation once. Its N weights learn
// y = w*·x/√N + s·ξ, x ~ N(0,I), by the masked and clipped steps
//
//	Δw = -η/√N · M ⊙ clip_κ(δ·x),   δ = w·x/√N - y,   M ~ Bernoulli(p) anew,
//
// clip_κ(g) = min(max(g, -κ), κ). For large N the squared distance e = |w - w*|²/N follows,
// in the time t = presentations/N,
//
//	de/dt = -2pη·a·e + pη²·c,   δ ~ N(0, e + s²),
//	a = ⟨δx·clip_κ(δx)⟩/(e + s²),   c = ⟨clip_κ(δx)²⟩.
//
// Without a clip a = 1 and c = e + s²: e decays to e∞ = η·s²/(2-η) at the rate pη(2-η),
// as long as η < 2. Neither depends on p but for the time it takes. A clip makes it
// stable at any η and, where it bites, lowers e∞.
//
// A unit of time changes a synapse p·N times, altogether by √N·pη⟨|clip_κ(δx)|⟩, and
// dissipates pη·a·(e + s²). With rescale the gradient is divided by p before it is
// clipped, which is η/p in place of η and κ·p in place of κ.
type Online struct {
	LearningRate float64 `key:"eta" doc:"learning rate η" in:"(0,1000]"`
	Noise        float64 `key:"s" doc:"deviation of the labels' noise" in:"[0,1000]"`
	P            float64 `key:"p" doc:"probability that a synapse may change in a step" in:"(0,1]"`
	Bound        float64 `key:"kappa" doc:"κ, bound of each synapse's gradient; .inf: no clip" in:"(0,inf]"`
	Rescale      bool    `key:"rescale" doc:"divide the gradient by p, so that its mean does not depend on p"`
	Start        float64 `key:"e0" doc:"e(0)" in:"(0,1000000]"`
	Time         float64 `key:"time" doc:"duration, in presentations per weight" in:"(0,1000000]"`
	Points       int     `key:"points" doc:"rows of the table after the first" in:"[1,100000]"`
	Tolerance    float64 `key:"tolerance" doc:"largest error of an integrator's step" in:"[1e-13,0.001]"`
	Simulate     int     `key:"simulate" doc:"simulated courses of learning; 0: prediction alone" in:"[0,100000]"`
	N            int     `key:"n" doc:"weights of a simulation; m0 grows as n and m1 as √n" in:"[2,10000000]"`
	Seed         uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Online)(nil)

func init() {
	theory.Theories.Register("online", schema.Doc{
		Summary: "online learning of a linear teacher with mask and clip: curve, cost, noise floor",
		Source:  "Saad & Solla, PRE 52:4225 (1995) with one linear unit; the clip derived here",
	}, func() theory.Theory {
		return &Online{
			LearningRate: 0.5, Noise: 0.5, P: 1, Bound: math.Inf(1), Start: 1,
			Time: 20, Points: 40, Tolerance: 1e-10, N: 1000,
		}
	})
}

// Validate refuses more rows than presentations, and what cannot be counted.
func (o *Online) Validate() error {
	switch presentations := o.Time * float64(o.N); {
	case presentations < float64(o.Points):
		return schema.Fieldf("points", "%d rows in %.0f presentations; give fewer", o.Points, presentations)
	case o.Simulate > 0 && presentations > theory.MaxSimulatedSteps:
		return schema.Fieldf("time", "a course takes %.3g presentations; give less, or simulate=0", presentations)
	}
	return nil
}

// Predict implements Theory.
func (o *Online) Predict(ctx context.Context) (*theory.Result, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	predicted, err := o.predict(ctx)
	if err != nil {
		return nil, err
	}
	simulated, err := o.simulate(ctx)
	if err != nil {
		return nil, err
	}
	result := theory.CurveTable("t", o.times()[:o.Points+1], predicted.withSimulations(simulated)...)
	result.Scalars["e_inf"], result.Scalars["eta_max"] = theory.Known(o.Stationary()), theory.Known(o.Stability())
	result.Notes = o.notes()
	return result, nil
}

// presentations returns how many presentations precede each row, and one more number
// after the last row, up to which its rates are measured.
func (o *Online) presentations() []int {
	counts := make([]int, o.Points+2)
	for i := range counts {
		counts[i] = int(math.Round(o.Time * float64(o.N) * float64(i) / float64(o.Points)))
	}
	return counts
}

// times returns the same as times, in presentations per weight.
func (o *Online) times() []float64 {
	times := make([]float64, o.Points+2)
	for i, count := range o.presentations() {
		times[i] = float64(count) / float64(o.N)
	}
	return times
}

// effective returns η and κ as they act on δ·x.
func (o *Online) effective() (learningRate, bound float64) {
	if o.Rescale {
		return o.LearningRate / o.P, o.Bound * o.P
	}
	return o.LearningRate, o.Bound
}

// Stability returns the least learning rate at which e grows without end, infinite with a
// clip.
func (o *Online) Stability() float64 {
	switch {
	case !math.IsInf(o.Bound, 1):
		return math.Inf(1)
	case o.Rescale:
		return 2 * o.P
	}
	return 2
}

// notes says how to read the table.
func (o *Online) notes() []string {
	notes := []string{
		"t in presentations per weight; e = |w-w*|²/n; m0, m1 and dissipation are per synapse and unit of t, means over the stretch from t to the next row",
		fmt.Sprintf("m0 and m1 are those of n = %d weights: they grow as n and √n; m1_min is the mean |w(t)-w(0)| of Gaussian first weights around w*, inefficiency m1_total/m1_min", o.N),
	}
	switch {
	case !math.IsInf(o.Bound, 1):
		notes = append(notes, "eta_max is unknown because there is none: with a clip e stays finite at any eta")
	case o.LearningRate >= o.Stability():
		notes = append(notes, fmt.Sprintf("eta %g is not below eta_max = %g: the curves are exact, and grow without end", o.LearningRate, o.Stability()))
	}
	return notes
}
