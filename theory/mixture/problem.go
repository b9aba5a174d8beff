// Package mixture solves how a single layer learns to tell Gaussian clusters
// apart, in the limit of many weights: the dynamical mean-field theory of
// stochastic gradient descent (Mignacco, Krzakala, Urbani, Zdeborová, NeurIPS
// 2020, arXiv 2006.06098) in discrete time, with masked and clipped updates. It
// also simulates the same problem with finitely many weights. [Problem] is what is
// learned, [Mixture] the theory called mixture.
//
// There are n = αd examples x = c·v*/√d + √Δ·z, with z, v* ~ N(0, 1). Two clusters
// have c = y = ±1, three c = 0 with y = -1 (half of the examples) and c = ±1 with
// y = +1. The weights w(0) = m0·v* + √R·N(0, 1) learn by
//
//	w_j ← w_j - η(t)·M_j(t)·clip_κ(G_j),   G = λw + Σ_μ s_μ(t)·Λ'(y_μ, h_μ)·x_μ/√d,
//
// where h = w·x/√d, Λ(y, h) = ℓ(y·φ(h)), φ(h) = h for two clusters and h² - L² for
// three, M_j(t) is 1 with probability p, drawn anew for each weight and step, and
// s_μ(t) is 1 with probability b.
package mixture

import (
	"errors"
	"fmt"
	"math"

	"ergon/masks"
	"ergon/masks/ensemble"
)

// Problem is what is learned, and how. All fields that have no meaning of 0 in
// their comment must be given; [Problem.Validate] says which are wrong.
type Problem struct {
	Clusters int     // 2 or 3; 1: one cloud around the origin, labelled +1
	Alpha    float64 // examples per weight
	Delta    float64 // variance of a cluster in each direction
	Door     float64 // L of φ = h² - L², the half width of the door; for three clusters
	Loss     Loss    // ℓ

	Lambda float64   // strength λ of the ridge term λ|w|²/2; 0: none
	Drive  float64   // a constant gradient Drive·v*; 0: none
	M0     float64   // m(0) = w(0)·v*/d; 0: at right angles
	R      float64   // variance of w(0) around m0·v*, > 0
	Rates  []float64 // η(t), the learning rate of each step; as many steps are made
	P      float64   // probability that a weight may change in a step, (0, 1]
	Clip   float64   // κ, the largest gradient of a weight; +Inf: no clip
	B      float64   // probability that an example takes part in a step, (0, 1]
	Tau    float64   // correlation time of taking part, in units of η·steps; 0: drawn anew in each step

	// Rule is what learns in place of SGD with Rates, P and Clip; nil: these do. It must be local. With it
	// only the number of Rates counts, and Tau is 0.
	Rule *masks.Rule
	Push float64 // of gradients, by which responses are found, in standard deviations of them; 0: 0.03

	Stepped func() // called after each step of Solve, where it is not nil
}

// Constant returns the same rate for each of so many steps.
func Constant(eta float64, steps int) []float64 { return Geometric(eta, eta, steps) }

// Geometric returns rates that go from first to last, each the same multiple of
// the one before.
func Geometric(first, last float64, steps int) []float64 {
	rates := make([]float64, steps)
	for t := range rates {
		rates[t] = first
		if last != first && steps > 1 {
			rates[t] *= math.Pow(last/first, float64(t)/float64(steps-1))
		}
	}
	return rates
}

// rate returns η(t), after the last step that of the last.
func (p *Problem) rate(t int) float64 {
	if len(p.Rates) == 0 {
		return 0
	}
	return p.Rates[min(t, len(p.Rates)-1)]
}

// slower says what to lower where learning diverges at step t.
func (p *Problem) slower(t int) string {
	if p.Rule != nil {
		return "smaller updates by rule.optimizer or rule.clip"
	}
	return fmt.Sprintf("a lower rate than %v", p.rate(t))
}

// Validate says what cannot be solved.
func (p *Problem) Validate() error {
	switch {
	case p.Clusters < 1 || p.Clusters > 3:
		return fmt.Errorf("%d clusters; want 2 or 3, or 1 around the origin", p.Clusters)
	case p.Loss == nil:
		return errors.New("no loss")
	case !positive(p.Alpha):
		return fmt.Errorf("α = %v; want a number of examples per weight above 0", p.Alpha)
	case !positive(p.Delta):
		return fmt.Errorf("variance Δ = %v; want a number above 0", p.Delta)
	case !positive(p.R):
		return fmt.Errorf("variance R = %v of the first weights; want a number above 0", p.R)
	case !(p.Clip > 0):
		return fmt.Errorf("clip at %v; want a bound above 0, +Inf for none", p.Clip)
	case !probability(p.P):
		return fmt.Errorf("p = %v; want a probability in (0,1]", p.P)
	case !probability(p.B):
		return fmt.Errorf("b = %v; want a probability in (0,1]", p.B)
	case !finite(p.Lambda, p.Drive, p.M0, p.Door) || p.Lambda < 0:
		return fmt.Errorf("λ = %v, drive %v, m0 %v, door %v; want numbers, and λ not below 0", p.Lambda, p.Drive, p.M0, p.Door)
	}
	if p.Rule != nil {
		return p.validateRule()
	}
	return p.validateRates()
}

// validateRule refuses what is not local, and what needs the learning rate.
func (p *Problem) validateRule() error {
	switch {
	case p.Tau != 0:
		return fmt.Errorf("τ = %v is in units of η·steps, and a rule has no η; want 0", p.Tau)
	case !finite(p.Push) || p.Push < 0:
		return fmt.Errorf("push %v; want standard deviations of a gradient, 0 for %g", p.Push, defaultPush)
	}
	_, err := ensemble.New(p.Rule, 2, 0)
	return err
}

// defaultPush: responses are wrong by at most about as much where a threshold decides, and by its square
// elsewhere; their noise falls as its root.
const defaultPush = 0.03

// push returns by how many of their standard deviations the gradients of twins differ.
func (p *Problem) push() float64 {
	if p.Push == 0 {
		return defaultPush
	}
	return p.Push
}

// validateRates refuses what is no rate, and rates at which examples that take
// part for the time τ would leave or join with a probability above 1.
func (p *Problem) validateRates() error {
	if !(p.Tau >= 0) || math.IsInf(p.Tau, 0) {
		return fmt.Errorf("τ = %v; want a time of 0 or more", p.Tau)
	}
	for t, eta := range p.Rates {
		if !positive(eta) {
			return fmt.Errorf("learning rate %v of step %d; want numbers above 0", eta, t)
		}
		if join, leave := p.turnover(t); join > 1 || leave > 1 {
			return fmt.Errorf("τ = %v is too short for the learning rate %v of step %d; want at least %.6g, or 0 for examples drawn anew in each step",
				p.Tau, eta, t, eta*max(1, (1-p.B)/p.B))
		}
	}
	return nil
}

// turnover returns the probabilities that an example which does not take part in
// step t does so in the next, and that one which takes part does not.
func (p *Problem) turnover(t int) (join, leave float64) {
	if p.Tau == 0 {
		return p.B, 1 - p.B
	}
	eta := p.rate(t)
	return eta / p.Tau, (1 - p.B) * eta / (p.B * p.Tau)
}

func positive(x float64) bool    { return x > 0 && !math.IsInf(x, 0) }
func probability(x float64) bool { return x > 0 && x <= 1 }

func finite(list ...float64) bool {
	for _, x := range list {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
