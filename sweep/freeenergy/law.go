package freeenergy

import (
	"math"

	"ergon/sweep/estimate"
	"ergon/theory/temperature"
)

// Law is T = c·η^b with 95 % intervals.
type Law struct {
	Prefactor *estimate.Estimate `json:"prefactor"`
	Exponent  *estimate.Estimate `json:"exponent"`
	Linear    *estimate.Estimate `json:"prefactor_linear"` // c of T = c·η
}

// newLaw fits the law to the temperatures of rates; nil of fewer than three. The intervals are those of
// regression, of the rates' scatter about the law, and N are the rates.
func newLaw(rates, t []float64) *Law {
	law, err := temperature.FitPowerLaw(rates, t)
	if err != nil {
		return nil
	}
	of := func(value, low, high float64) *estimate.Estimate { return interval(value, low, high, law.Points) }
	var ratios, ones []float64
	for i, rate := range rates {
		if isFinite(t[i]) {
			ratios, ones = append(ratios, t[i]), append(ones, rate)
		}
	}
	return &Law{
		of(law.Prefactor, law.PrefactorLow, law.PrefactorHigh), of(law.Exponent, law.ExponentLow, law.ExponentHigh),
		estimate.Ratio(ratios, ones),
	}
}

// leastSeeds is of how few seeds there are intervals by leaving one out: two seeds say of a spread only
// that there is one, Student's t then being 12.7.
const leastSeeds = 3

// lawOfSeeds has the law of the states of all seeds, with intervals by leaving out one after the other; N
// are the seeds. It is nil of few seeds, and where the states without one of them have no law.
func lawOfSeeds(s *temperature.Sweep, settings Settings) *Law {
	n := s.Runs()
	if n < leastSeeds {
		return nil
	}
	value, deviation, err := temperature.Jackknife(n, func(leftOut int) ([]float64, error) {
		t, err := temperature.Temperatures(s.States(leftOut), settings.Smooth, settings.Slack)
		if err != nil {
			return nil, err
		}
		law, err := temperature.FitPowerLaw(s.Rates, t)
		if err != nil {
			return nil, err
		}
		return []float64{math.Log(law.Prefactor), law.Exponent, math.Log(law.Linear)}, nil
	})
	if err != nil {
		return nil
	}
	of := func(i int, scale func(float64) float64) *estimate.Estimate {
		reach := temperature.Reach(deviation[i], n)
		return interval(scale(value[i]), scale(value[i]-reach), scale(value[i]+reach), n)
	}
	same := func(x float64) float64 { return x }
	return &Law{of(0, math.Exp), of(1, same), of(2, math.Exp)}
}

// interval returns a number with its interval, without one that is not finite; nil if the number is not.
func interval(value, low, high float64, n int) *estimate.Estimate {
	if !isFinite(value) {
		return nil
	}
	e := &estimate.Estimate{Mean: value, N: n}
	if isFinite(low) && isFinite(high) {
		e.Lo, e.Hi = &low, &high
	}
	return e
}
