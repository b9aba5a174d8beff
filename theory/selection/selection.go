// Package selection is the theory called selection: online learning of a linear teacher
// where a presentation changes only synapses that are selected by size, in the limit of
// many inputs.
package selection

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ergon/internal/schema"
	"ergon/theory"
)

// Selection is a linear student that sees each presentation once and changes what is
// selected. Its N weights learn y = w*·x/√N + s·ξ, x ~ N(0,I), by the steps
//
//	Δw = -η/√N · S ⊙ δ·x,   δ = w·x/√N - y,
//
// where S_i is 1 if the synapse passes all of
//
//	top        |δ·x_i| is among the ⌊pN⌋ largest of the presentation,
//	gate       |δ| > θ,
//	threshold  |δ·x_i| > κ,
//
// else 0. For large N the squared distance e = |w - w*|²/N follows, in the time
// t = presentations/N and with v = e + s², the variance of δ,
//
//	de/dt = -2η·a·e + η²·a·v,   a = ⟨δ²x²S⟩/v:
//
// what is taken off the error, by Gaussian integration by parts, and what noise adds have
// the same factor a. So a selection is a slower clock, dτ = a·dt, e(τ) that of the
// dense rule, and neither e∞ = η·s²/(2-η) nor the largest η depends on it. A unit of time
// changes a synapse p·N times, p = ⟨S⟩, and by √N·η⟨|δxS|⟩: to the same e it saves a/p in M0.
type Selection struct {
	Select       []string `key:"select" doc:"what a synapse must pass to change: top, the share p of largest updates of a presentation; gate, |δ| > θ; threshold, |δx| > κ; []: all change" oneof:"top|gate|threshold"`
	P            float64  `key:"p" doc:"share of synapses that wins (top); of n it is ⌊pn⌋/n" in:"(0,1]"`
	Theta        float64  `key:"theta" doc:"θ, |δ| below which nothing is learned (gate)" in:"[0,1000]"`
	Kappa        float64  `key:"kappa" doc:"κ, |δx| below which a synapse stays (threshold)" in:"[0,1000]"`
	LearningRate float64  `key:"eta" doc:"learning rate η" in:"(0,1000]"`
	Noise        float64  `key:"s" doc:"deviation of the labels' noise" in:"[0,1000]"`
	Start        float64  `key:"e0" doc:"e(0)" in:"(0,1000000]"`
	Time         float64  `key:"time" doc:"duration, in presentations per weight" in:"(0,1000000]"`
	Points       int      `key:"points" doc:"rows of the table after the first" in:"[1,100000]"`
	Tolerance    float64  `key:"tolerance" doc:"largest error of an integrator's step" in:"[1e-13,0.001]"`
	Simulate     int      `key:"simulate" doc:"simulated courses of learning; 0: prediction alone" in:"[0,100000]"`
	N            int      `key:"n" doc:"weights of a simulation; m0 grows as n and m1 as √n" in:"[2,10000000]"`
	Seed         uint64   `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Selection)(nil)

func init() {
	theory.Theories.Register("selection", schema.Doc{
		Summary: "an online student that changes the largest updates only: a slower clock, and what it saves",
		Source:  "Saad & Solla, PRE 52:4225 (1995) with one linear unit; selections derived here",
	}, func() theory.Theory {
		return &Selection{
			Select: []string{"top"}, P: 0.1, Theta: 1, Kappa: 2, LearningRate: 0.5, Noise: 0.5, Start: 1,
			Time: 6, Points: 24, Tolerance: 1e-10, N: 1000,
		}
	})
}

// Validate refuses selections that are listed twice or select nothing, more rows than
// presentations, and what cannot be counted.
func (s *Selection) Validate() error {
	for i, name := range s.Select {
		if slices.Contains(s.Select[:i], name) {
			return schema.Fieldf("select", "%s is listed twice", name)
		}
	}
	switch presentations := s.Time * float64(s.N); {
	case s.selects("top") && s.winners() == 0:
		return schema.Fieldf("p", "%g of n = %d weights are none; give more of either", s.P, s.N)
	case presentations < float64(s.Points):
		return schema.Fieldf("points", "%d rows in %.0f presentations; give fewer", s.Points, presentations)
	case s.Simulate > 0 && presentations > theory.MaxSimulatedSteps:
		return schema.Fieldf("time", "a course takes %.3g presentations; give less, or simulate=0", presentations)
	}
	return nil
}

// selects says whether a selection is listed.
func (s *Selection) selects(name string) bool { return slices.Contains(s.Select, name) }

// winners returns how many synapses win in a presentation, ⌊pN⌋, N if there is no
// competition.
func (s *Selection) winners() int {
	if !s.selects("top") {
		return s.N
	}
	return int(s.P*float64(s.N) + 1e-9) // 0.29·100 is 28.999…
}

// Predict implements Theory. Scalars are a, p and gain = a/p where they do not change while
// e falls, cut, the least |x| that wins, e_inf and eta_max.
func (s *Selection) Predict(ctx context.Context) (*theory.Result, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	predicted, err := s.predict(ctx)
	if err != nil {
		return nil, err
	}
	simulated, err := s.simulate(ctx)
	if err != nil {
		return nil, err
	}
	result := theory.CurveTable("t", s.times()[:s.Points+1], predicted.withSimulations(simulated)...)
	s.addScalars(result)
	result.Notes = s.notes()
	return result, nil
}

// addScalars adds what holds at all times.
func (s *Selection) addScalars(r *theory.Result) {
	a, p, gain, cut := math.NaN(), math.NaN(), math.NaN(), math.NaN()
	l := s.limits()
	if l.error == 0 && l.gradient == 0 {
		mean := l.averages(1)
		a, p, gain = mean.Square, mean.Share, mean.Square/mean.Share
	}
	if s.selects("top") {
		cut = l.input
	}
	stationary := math.Inf(1)
	if s.LearningRate < 2 {
		stationary = s.LearningRate * s.Noise * s.Noise / (2 - s.LearningRate)
	}
	for name, value := range map[string]float64{"a": a, "p": p, "gain": gain, "cut": cut, "e_inf": stationary, "eta_max": 2} {
		r.Scalars[name] = theory.Known(value)
	}
}

// presentations returns how many presentations precede each row, and one more number
// after the last row, up to which its rates are measured.
func (s *Selection) presentations() []int {
	counts := make([]int, s.Points+2)
	for i := range counts {
		counts[i] = int(math.Round(s.Time * float64(s.N) * float64(i) / float64(s.Points)))
	}
	return counts
}

// times returns the same as times, in presentations per weight.
func (s *Selection) times() []float64 {
	times := make([]float64, s.Points+2)
	for i, count := range s.presentations() {
		times[i] = float64(count) / float64(s.N)
	}
	return times
}

// notes says how to read the table.
func (s *Selection) notes() []string {
	notes := []string{
		"t in presentations per weight; e = |w-w*|²/n; m0, m1 and dissipation are per synapse and unit of t, means over the stretch from t to the next row",
		fmt.Sprintf("m0 and m1 are those of n = %d weights: they grow as n and √n; m1_min is the mean |w(t)-w(0)| of Gaussian first weights around w*, inefficiency m1_total/m1_min", s.N),
		"a is the share of the descent that is selected and p the share of synapses, both at t; clock is the time at which learning without selection has this e; saving and m1_saving are what that learning has spent by then, over m0_total and m1_total",
	}
	if share := float64(s.winners()) / float64(s.N); s.selects("top") && math.Abs(share-s.P) > 1e-9 {
		notes = append(notes, fmt.Sprintf("of %d weights %d win, the share %g, which is what is predicted", s.N, s.winners(), share))
	}
	if s.LearningRate >= 2 {
		notes = append(notes, fmt.Sprintf("eta %g is not below eta_max = 2: the curves are exact, and grow without end", s.LearningRate))
	}
	return notes
}
