package temperature

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// PowerLaw is T = Prefactor·η^Exponent with the 95 % intervals of both.
type PowerLaw struct {
	Prefactor, Exponent         float64
	PrefactorLow, PrefactorHigh float64
	ExponentLow, ExponentHigh   float64
	Linear                      float64 // c of the law c·η, the exponent held at 1
	Points                      int     // that it is fitted to
	Residual                    float64 // deviation of ln T from it
}

// FitPowerLaw fits T = c·η^b by least squares of ln T over ln η. Temperatures that are NaN are left
// out. The intervals are those of independent Gaussian errors of ln T, which neighbouring rates
// have only roughly: they share the states that bracket them.
func FitPowerLaw(rates, temperatures []float64) (*PowerLaw, error) {
	var x, y []float64
	for i, t := range temperatures {
		if t > 0 && !math.IsInf(t, 0) {
			x, y = append(x, math.Log(rates[i])), append(y, math.Log(t))
		}
	}
	if len(x) < 3 {
		return nil, fmt.Errorf("temperature: %d of %d learning rates have a temperature; a power law takes three or more", len(x), len(rates))
	}
	n := float64(len(x))
	offset, slope := stat.LinearRegression(x, y, nil, false)
	residues := 0.0
	for i := range x {
		d := y[i] - offset - slope*x[i]
		residues += d * d
	}
	deviation := math.Sqrt(residues / (n - 2))
	mean, squares := stat.Mean(x, nil), stat.Variance(x, nil)*(n-1)
	quantile := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 2}.Quantile(0.975)
	wide := quantile * deviation / math.Sqrt(squares)
	high := quantile * deviation * math.Sqrt(1/n+mean*mean/squares)
	return &PowerLaw{
		Prefactor: math.Exp(offset), PrefactorLow: math.Exp(offset - high), PrefactorHigh: math.Exp(offset + high),
		Exponent: slope, ExponentLow: slope - wide, ExponentHigh: slope + wide,
		Linear: math.Exp(stat.Mean(y, nil) - mean), Points: len(x), Residual: deviation,
	}, nil
}

// Scalars returns the law as numbers by name: exponent, prefactor, each with _low and _high, and
// prefactor_linear.
func (p *PowerLaw) Scalars() map[string]float64 {
	return map[string]float64{
		"exponent": p.Exponent, "exponent_low": p.ExponentLow, "exponent_high": p.ExponentHigh,
		"prefactor": p.Prefactor, "prefactor_low": p.PrefactorLow, "prefactor_high": p.PrefactorHigh,
		"prefactor_linear": p.Linear,
	}
}
