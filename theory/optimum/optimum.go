// Package optimum is the theory called optimum: a search for the mask, clip and learning
// rates that reach an error at the least cost.
package optimum

import (
	"context"
	"errors"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/mixture"
)

// Optimum searches, of all ways to reach a given error on a mixture of Gaussians, for the
// one that changes the fewest synapses (M0) or changes them the least (M1). For each
// number of steps it searches for the mask's density p, the learning rates, which go
// geometrically from eta to eta_last, and the clip κ at which dynamical mean-field theory
// (package mixture) predicts
//
//	error(steps) ≤ target·(1 - margin)   with the least   M = Σ_t M(t),
//
// and compares the best of them with the best of a grid of p and η, constant and
// without a clip, each cell of which pays until it first reaches the target.
type Optimum struct {
	Clusters int     `key:"clusters" doc:"2: x = ±v*/√d + noise, told apart; 3: the middle one against the outer two" in:"[2,3]"`
	Alpha    float64 `key:"alpha" doc:"α, examples per synapse" in:"(0,1000]"`
	Delta    float64 `key:"delta" doc:"Δ, variance of a cluster in each direction" in:"(0,inf)"`
	Lambda   float64 `key:"lambda" doc:"λ, strength of the ridge term λ|w|²/2" in:"[0,inf)"`
	Door     float64 `key:"door" doc:"L of φ(h) = h² - L², of three clusters" in:"[0,inf)"`
	Loss     string  `key:"loss" doc:"ℓ(v) of the margin v = y·φ(h)" oneof:"logistic|square|squared_hinge"`
	M0       float64 `key:"m0" doc:"overlap w·v*/d of the first weights" in:"(-inf,inf)"`
	R        float64 `key:"r" doc:"variance of the first weights" in:"(0,inf)"`
	B        float64 `key:"b" doc:"probability that an example takes part in a step" in:"(0,1]"`

	Energy  string  `key:"energy" doc:"what is to be least; m0: how many synapses change; m1: by how much" oneof:"m0|m1"`
	Target  float64 `key:"target" doc:"error on new examples that is to be reached" in:"(0,0.5)"`
	Margin  float64 `key:"margin" doc:"by how much, relatively, the prediction has to be better than the target" in:"[0,0.5]"`
	Steps   int     `key:"steps" doc:"most steps" in:"[1,200]"`
	MostEta float64 `key:"eta_most" doc:"largest learning rate that is tried" in:"(0,inf)"`
	Paths   int     `key:"paths" doc:"sampled paths of a prediction in the search; what it finds is predicted again with ten times as many" in:"[100,1000000]"`
	Seed    uint64  `key:"seed" doc:"of all random numbers"`

	Grid     int       `key:"grid" doc:"values of p and of η in the grid; 0: no grid" in:"[0,100]"`
	GridP    []float64 `key:"grid_p" doc:"the grid's least and largest p" in:"(0,1]"`
	GridEta  []float64 `key:"grid_eta" doc:"the grid's least and largest η" in:"(0,inf)"`
	Simulate int       `key:"simulate" doc:"simulations of each plan and of each cell of the grid; 0: prediction alone" in:"[0,1000]"`
	D        int       `key:"d" doc:"synapses of a simulation" in:"[10,100000]"`
}

var _ theory.Theory = (*Optimum)(nil)

func init() {
	theory.Theories.Register("optimum", schema.Doc{
		Summary: "the mask, clip and learning rates that reach an error with the fewest or the smallest changes",
		Source:  "dynamical mean-field theory of the mixture, searched",
	}, func() theory.Theory {
		return &Optimum{
			Clusters: 2, Alpha: 2, Delta: 0.5, Lambda: 0.1, Door: 0.7, Loss: "logistic", R: 0.01, B: 1,
			Energy: "m0", Target: 0.13, Margin: 0.02, Steps: 8, MostEta: 30, Paths: 1000,
			Grid: 10, GridP: []float64{0.05, 1}, GridEta: []float64{0.05, 20}, D: 1000,
		}
	})
}

// Validate refuses grids without two ends, targets that nothing reaches, and problems too
// large to compute.
func (o *Optimum) Validate() error {
	for key, ends := range map[string][]float64{"grid_p": o.GridP, "grid_eta": o.GridEta} {
		if len(ends) != 2 || ends[0] > ends[1] {
			return schema.Fieldf(key, "want two numbers, the least and the largest")
		}
	}
	if floor := o.problem(plan{steps: 1, p: 1, first: 1, last: 1, clip: math.Inf(1)}).OracleError(); o.Target*(1-o.Margin) <= floor {
		return schema.Fieldf("target", "no rule gets below an error of %.6g, which it costs to know v* itself; give more", floor)
	}
	return o.checkSizes()
}

// checkSizes refuses numbers of paths and weights that package mixture refuses, because the
// search takes errors for plans that diverge.
func (o *Optimum) checkSizes() error {
	longest := o.problem(plan{steps: o.Steps, p: 0.5, first: 1, last: 1, clip: 1})
	if err := errors.Join(longest.CheckPaths(o.Paths), longest.CheckPaths(10*o.Paths)); err != nil {
		return schema.Fieldf("paths", "a search with %d and ten times as many: %v", o.Paths, err)
	}
	if err := longest.CheckSimulation(o.D); err != nil && o.Simulate > 0 {
		return schema.Fieldf("d", "%v", err)
	}
	return nil
}

// problem is the mixture learned by a plan.
func (o *Optimum) problem(p plan) *mixture.Problem {
	return &mixture.Problem{
		Clusters: o.Clusters, Alpha: o.Alpha, Delta: o.Delta, Door: o.Door, Loss: mixture.Losses[o.Loss],
		Lambda: o.Lambda, M0: o.M0, R: o.R, B: o.B,
		P: p.p, Rates: mixture.Geometric(p.first, p.last, p.steps), Clip: p.clip,
	}
}

// Predict implements Theory. Rows are the best plan of each number of steps, then
// the cells of the grid; the scalars are those of the best plan, and by how much
// the best cell costs more. That nothing reaches the target is an error.
func (o *Optimum) Predict(ctx context.Context) (*theory.Result, error) {
	plans, err := o.search(ctx)
	if err != nil {
		return nil, err
	}
	cells, err := o.cells(ctx)
	if err != nil {
		return nil, err
	}
	best := o.cheapest(plans)
	if best < 0 {
		return nil, fmt.Errorf("no plan of %d steps or fewer was found to reach an error of %g; give a larger target, more steps, or a larger eta_most", o.Steps, o.Target)
	}
	all := append(plans, cells...)
	if err := o.simulate(ctx, all); err != nil {
		return nil, err
	}
	result := o.result(all, len(plans), best)
	if worst := result.Scalars["worst_z"]; worst != nil {
		result.Scalars["p_value"] = theory.Known(theory.PValue(*worst, int(*result.Scalars["comparisons"]), o.Simulate))
	}
	return result, nil
}

// cheapest returns the number of the candidate that is predicted to cost least, -1 if
// none reaches the target.
func (o *Optimum) cheapest(list []candidate) int {
	best := -1
	for i := range list {
		if list[i].predicted.reached && (best < 0 || o.cost(list[i].predicted) < o.cost(list[best].predicted)) {
			best = i
		}
	}
	return best
}

// cost is what is minimised.
func (o *Optimum) cost(a account) float64 {
	if o.Energy == "m1" {
		return a.m1
	}
	return a.m0
}
