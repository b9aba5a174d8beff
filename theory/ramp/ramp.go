// Package ramp is the theory called ramp: the work that inference at a finite speed
// loses.
package ramp

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// Ramp is the cost of inference at a finite speed. One unit
// H = κ/2·(x - w·u)², whose input u is ramped from 0 to 1 in the time τ, follows
// by dx/dt = -μ ∂H/∂x + noise of temperature kT. It lags behind, and the work
// W = ∫ ∂H/∂u du that the ramp does is lost: the free energy does not depend on
// u. W is Gaussian, with
//
//	⟨W⟩ = w²/(μτ)·[1 - (1-e^{-μκτ})/(μκτ)] → w²/(μτ),   var W = 2kT⟨W⟩,   ⟨e^{-W/kT}⟩ = 1.
//
// The slow limit is the quasi-static inference that costs nothing. Energies are
// in one unit of the user's choice, in which kT is given, times in another.
type Ramp struct {
	Stiffness   float64   `key:"stiffness" doc:"κ, energy per squared activity" in:"(0,inf)"`
	Mobility    float64   `key:"mobility" doc:"μ, squared activity per energy and time" in:"(0,inf)"`
	Temperature float64   `key:"temperature" doc:"kT, in units of energy" in:"(0,inf)"`
	Weight      float64   `key:"weight" doc:"w, activity per input"`
	Times       []float64 `key:"tau" doc:"τ, durations of the ramp" in:"(0,inf)"`
	Rows        string    `key:"rows" doc:"work: its moments for each duration; histogram: its distribution" oneof:"work|histogram"`
	Bins        int       `key:"bins" doc:"cells of a histogram, over mean ± 4 deviations" in:"[1,10000]"`
	Simulate    int       `key:"simulate" doc:"simulated ramps of each duration; 0: prediction alone" in:"[0,10000000]"`
	Steps       int       `key:"steps" doc:"stretches of a simulated ramp; each is exact, so that any number will do" in:"[1,10000]"`
	Seed        uint64    `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Ramp)(nil)

func init() {
	theory.Theories.Register("ramp", schema.Doc{
		Summary: "work lost by inference at a finite speed, and its fluctuations",
		Source:  "Tkachenko 2025, arXiv 2503.09980, Eqs. 6 and 7; Jarzynski 1997",
	}, func() theory.Theory {
		return &Ramp{
			Stiffness: 1, Mobility: 1, Temperature: 1, Weight: 2, Times: []float64{1, 10, 100},
			Rows: "work", Bins: 24, Simulate: 20_000, Steps: 32,
		}
	})
}

// Validate asks for at least one duration.
func (r *Ramp) Validate() error {
	if len(r.Times) == 0 {
		return schema.Fieldf("tau", "no duration of the ramp; give one or more")
	}
	return nil
}

// Predict implements Theory. Two durations or more give the scalar slope,
// ln⟨W⟩ against ln τ between the last two; it tends to -1.
func (r *Ramp) Predict(ctx context.Context) (*theory.Result, error) {
	rows := make([][]theory.Quantity, 0, len(r.Times))
	works := make([]theory.Estimate, len(r.Times))
	for i, tau := range r.Times {
		sample, err := r.simulate(ctx, i)
		if err != nil {
			return nil, err
		}
		if r.Rows == "histogram" {
			rows = append(rows, r.histogram(tau, sample)...)
			continue
		}
		row := r.moments(tau, sample)
		rows, works[i] = append(rows, row), theory.EstimateMean(sample)
	}
	result := theory.Table(rows)
	if r.Rows == "work" && len(r.Times) > 1 && r.Weight != 0 {
		result.AddScalar(r.slope(works))
	}
	result.Notes = r.notes()
	return result, nil
}

// Work returns the mean work ⟨W⟩ of a ramp of the duration tau.
func (r *Ramp) Work(tau float64) float64 {
	return r.quasistatic(tau) * lag(r.Mobility*r.Stiffness*tau)
}

// quasistatic is the mean work of a slow ramp, w²/(μτ).
func (r *Ramp) quasistatic(tau float64) float64 { return r.Weight * r.Weight / (r.Mobility * tau) }

// lag returns 1 - (1-e^{-s})/s, the share of a ramp of s relaxation times that is
// steady; for small s by its series, where the difference would lose its digits.
func lag(s float64) float64 {
	if s < 1e-4 {
		return s * (1./2 - s*(1./6-s/24))
	}
	return 1 + math.Expm1(-s)/s
}

// moments is the row of a duration.
func (r *Ramp) moments(tau float64, sample []float64) []theory.Quantity {
	work := r.Work(tau)
	row := []theory.Quantity{
		theory.Value("tau", tau),
		theory.Value("quasistatic", r.quasistatic(tau)),
		{Name: "work", Predicted: work},
		{Name: "variance", Predicted: 2 * r.Temperature * work},
		{Name: "jarzynski", Predicted: 1},
	}
	if len(sample) > 0 {
		row[2].Simulations = theory.Simulated(theory.EstimateMean(sample))
		row[3].Simulations = theory.Simulated(theory.EstimateVariance(sample))
		row[4].Simulations = theory.Simulated(theory.EstimateMean(r.exponentials(sample)))
	}
	return row
}

// exponentials returns e^{-W/kT} of each work.
func (r *Ramp) exponentials(sample []float64) []float64 {
	exponentials := make([]float64, len(sample))
	for i, work := range sample {
		exponentials[i] = math.Exp(-work / r.Temperature)
	}
	return exponentials
}

// slope compares the last two durations.
func (r *Ramp) slope(works []theory.Estimate) theory.Quantity {
	n := len(r.Times)
	apart := math.Log(r.Times[n-1] / r.Times[n-2])
	q := theory.Quantity{Name: "slope", Predicted: math.Log(r.Work(r.Times[n-1])/r.Work(r.Times[n-2])) / apart}
	if r.Simulate > 0 {
		a, b := works[n-2], works[n-1]
		q.Simulations = theory.Simulated(theory.Estimate{
			Value:         math.Log(b.Value/a.Value) / apart,
			StandardError: math.Abs(math.Hypot(a.StandardError/a.Value, b.StandardError/b.Value) / apart),
		})
	}
	return q
}

// notes says what the numbers mean, and where their errors are too small.
func (r *Ramp) notes() []string {
	notes := []string{fmt.Sprintf("work in the unit of energy in which kT is %g; quasistatic is its slow limit", r.Temperature)}
	if r.Weight == 0 && r.Rows == "histogram" {
		notes = append(notes, "weight 0: the input does no work, and there is no distribution of it")
	}
	for _, tau := range r.Times {
		if r.Simulate > 0 && r.Rows == "work" && r.Work(tau) > 3*r.Temperature {
			notes = append(notes, fmt.Sprintf("tau %g: the mean of e^(-W/kT) rests on rare ramps, and its error is too small where none of them was drawn", tau))
		}
	}
	return notes
}
