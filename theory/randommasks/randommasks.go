// Package randommasks is the theory called random-masks: how many changes masks that are
// drawn at random save where hidden units are redundant.
package randommasks

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/committee"
)

// RandomMasks are K hidden units that learn what one can, from a teacher of one unit,
// online, from weights of zero and with a mask that lets each synapse, or each unit, change
// with probability p. For each p the learning rate is the one at which the error falls to a
// goal with the fewest changes.
//
// Weights of linear units add up, W = Σ_k w_k. A step changes W by Σ_k M_k·η/√N·Δx, whose
// mean is p times that without masks and whose mean square, with independent M_k, is
//
//	Σ_kl E[M_k M_l] = p·K·(1+(K-1)p),   f = (1+(K-1)p)/K of p·K².
//
// So with τ = p·t, the changes of a synapse over N, and e = |W - B|²/N,
//
//	de/dτ = -2(Kη)e + (Kη)²·f·(e+σ²):
//
// a mask takes noise away, rates may be 1/f as large, and at the best rate τ is
// proportional to f. Masks save K/(1+(K-1)p): nothing for K = 1, and K at most. Of erf units the
// same is left in the measure in which they stay alike.
type RandomMasks struct {
	K          int       `key:"k" doc:"K, hidden units that learn from one" in:"[1,16]"`
	P          []float64 `key:"p" doc:"probabilities that a synapse may change in a step, a row for each" in:"(0,1]"`
	Goal       float64   `key:"eps" doc:"generalisation error to learn to" in:"(0,0.3]"`
	Noise      float64   `key:"sigma" doc:"σ, deviation of the labels' noise" in:"[0,10]"`
	V          float64   `key:"v" doc:"the second layer's weights, which stay; the teacher's is 1" in:"(0,10]"`
	Activation string    `key:"activation" doc:"g of the hidden units; erf is erf(x/√2)" oneof:"erf|linear"`
	Mask       string    `key:"mask" doc:"what is masked: each synapse, or those onto a unit (row); p alone matters but in simulations" oneof:"element|row"`
	Simulate   int       `key:"simulate" doc:"simulated students for each p; 0: prediction alone" in:"[0,100000]"`
	N          int       `key:"n" doc:"N, inputs of the simulation" in:"[20,1000000]"`
	Seed       uint64    `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*RandomMasks)(nil)

func init() {
	theory.Theories.Register("random-masks", schema.Doc{
		Summary: "what random masks save where hidden units are redundant, at the best rate of each p",
		Source:  "Saad & Solla 1995 with masks (twolayer); the factor K/(1+(K-1)p) derived here",
	}, func() theory.Theory {
		return &RandomMasks{
			K: 2, P: []float64{1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05}, Goal: 0.02, Noise: 0.2, V: 1,
			Activation: "erf", Mask: "element", N: 1000,
		}
	})
}

// Validate refuses a table without rows and simulations that cannot be.
func (r *RandomMasks) Validate() error {
	switch {
	case len(r.P) == 0:
		return schema.Fieldf("p", "no probability is given; give one or more, as p=[1,0.5]")
	case r.Simulate > 0 && mostClock/slices.Min(r.P)*float64(r.N) > theory.MaxSimulatedSteps:
		return schema.Fieldf("p", "%g may take %.1g presentations; give a larger one, or simulate=0", slices.Min(r.P), mostClock/slices.Min(r.P)*float64(r.N))
	}
	return nil
}

// learning returns the task at a rate and a probability.
func (r *RandomMasks) learning(p, rate float64) committee.Learning {
	return committee.Learning{
		Activation: committee.Activations[r.Activation], Mask: committee.Masks[r.Mask](p),
		Rate: rate, Noise: r.Noise, T: committee.Orthonormal(1), A: []float64{1},
	}
}

// start returns the state without weights.
func (r *RandomMasks) start() committee.State {
	s := committee.NewState(r.K, 1)
	for k := range s.V {
		s.V[k] = r.V
	}
	return s
}

// law is what masks save of linear units.
func (r *RandomMasks) law(p float64) float64 { return float64(r.K) / (1 + float64(r.K-1)*p) }

// Predict implements Theory.
func (r *RandomMasks) Predict(ctx context.Context) (*theory.Result, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	best, err := r.search(ctx, append(slices.Clone(r.P), 1))
	if err != nil {
		return nil, err
	}
	measured, err := r.simulate(ctx, best[:len(r.P)])
	if err != nil {
		return nil, err
	}
	dense, rows := best[len(r.P)], [][]theory.Quantity{}
	for i, way := range best[:len(r.P)] {
		tau := theory.Quantity{Name: "tau", Predicted: way.clock}
		if r.Simulate > 0 {
			tau.Simulations = theory.Simulated(theory.EstimateMean(measured[i]))
		}
		rows = append(rows, []theory.Quantity{
			theory.Value("p", way.p), theory.Value("eta", way.rate), theory.Value("t", way.clock/way.p), tau,
			theory.Value("saving", dense.clock/way.clock), theory.Value("law", r.law(way.p)),
		})
	}
	result := theory.Table(rows)
	if worst, n := theory.WorstZ(rows); n > 0 {
		result.Scalars["p_value"] = theory.Known(theory.PValue(worst, n, r.Simulate))
	}
	result.Scalars["tau_dense"] = theory.Known(dense.clock)
	result.Scalars["most"] = theory.Known(float64(r.K))
	result.Notes = r.notes()
	return result, nil
}

// notes says how to read the table.
func (r *RandomMasks) notes() []string {
	notes := []string{
		fmt.Sprintf("eta is the rate at which eps_g falls to %g with the fewest changes; t = presentations/N until then; tau = p·t, the changes of a first-layer synapse over N; saving is tau_dense, that of p = 1, over tau", r.Goal),
		"law is K/(1+(K-1)p), exact for linear units; most is its limit at p → 0",
	}
	if r.Simulate > 0 {
		notes = append(notes, fmt.Sprintf("simulations have %d inputs and run to the predicted t; tau_simulated is tau, corrected to first order by what their eps_g is off the goal", r.N))
	}
	return notes
}

// unreached is the clock of what never reaches the goal.
var unreached = math.Inf(1)
