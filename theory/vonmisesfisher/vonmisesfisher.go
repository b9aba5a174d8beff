// Package vonmisesfisher is the theory called vmf: a heat bath whose energy, entropy and temperature are known
// exactly, to try estimators of them on.
package vonmisesfisher

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/temperature"
)

// Bath is gradient descent with isotropic noise on the sphere |x| = 1 in three dimensions,
//
//	x ← (x - η·(∇U + σξ))/|…|,   U = 1 - z,   ξ ~ N(0,1) in each of the two tangential directions.
//
// For small η it is a Langevin equation at the temperature T = ησ²/2, whose stationary law is von Mises' and Fisher's,
// p ~ e^{-U/T}. So U, S and T are known, F = U - T·S is least at the rate that owns T, and
// dU/dS = T. What the steps' finite size adds is of the relative order η/2.
type Bath struct {
	Rate     float64 `key:"eta" doc:"learning rate η in the middle of the others" in:"(0,0.5]"`
	Points   int     `key:"points" doc:"further rates on each side of η; those above 0.5 are left out" in:"[1,100]"`
	Ratio    float64 `key:"ratio" doc:"of a rate to the one below it" in:"(1,10]"`
	Noise    float64 `key:"sigma" doc:"σ, deviation of a component of the gradient" in:"(0,10]"`
	Simulate int     `key:"simulate" doc:"walkers at each rate; 0: prediction alone" in:"[0,100000]"`
	Times    int     `key:"times" doc:"relaxation times 1/η for which a walker is observed, after ten that it is not" in:"[80,10000000]"`
	K        int     `key:"k" doc:"nearest neighbours in the graph of Costa and Hero" in:"[1,1000]"`
	Slack    float64 `key:"slack" doc:"ε, by how much F may be above that of another rate" in:"[0,inf)"`
	Seed     uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Bath)(nil)

// mostRate is the rate above which a walker is no Langevin equation any more.
const mostRate = 0.5

func init() {
	theory.Theories.Register("vmf", schema.Doc{
		Summary: "a heat bath whose U, S and T are known, and what estimators make of it",
		Source:  "Sadrtdinov et al. 2025, arXiv 2511.07308: isotropic noise on the sphere, von Mises-Fisher",
	}, func() theory.Theory {
		return &Bath{Rate: 0.01, Points: 5, Ratio: math.Sqrt2, Noise: 1, Simulate: 16, Times: 4000, K: 20}
	})
}

// leastTemperature is the one below which U of a walker has fewer than five digits.
const leastTemperature = 1e-11

// Validate refuses rates at which a simulation takes too long, and graphs that lack vectors.
func (b *Bath) Validate() error {
	lowest := b.rates()[0]
	switch steps := float64(b.Times+unobserved) / lowest; {
	case b.Simulate > 0 && b.temperatureAt(lowest) < leastTemperature:
		return schema.Fieldf("sigma", "T is %.3g at the lowest rate %.3g, and below %g a walker's U = 1 - z is lost in rounding; give a larger σ or η, or simulate=0", b.temperatureAt(lowest), lowest, leastTemperature)
	case b.Simulate > 0 && steps > theory.MaxSimulatedSteps:
		return schema.Fieldf("eta", "a walker at the lowest rate %.3g takes %.3g steps; give a larger η, or simulate=0", lowest, steps)
	case b.Simulate > 0 && b.K >= b.Times/apart:
		return schema.Fieldf("k", "%d neighbours of each of times/%d = %d iterates; give fewer, or more times", b.K, apart, b.Times/apart)
	}
	return nil
}

// rates returns η and those around it, ascending.
func (b *Bath) rates() (rates []float64) {
	for j := -b.Points; j <= b.Points; j++ {
		if rate := b.Rate * math.Pow(b.Ratio, float64(j)); rate <= mostRate || j == 0 {
			rates = append(rates, rate)
		}
	}
	return rates
}

// temperatureAt returns T = ησ²/2.
func (b *Bath) temperatureAt(rate float64) float64 { return rate * b.Noise * b.Noise / 2 }

// Predict implements Theory.
func (b *Bath) Predict(ctx context.Context) (*theory.Result, error) {
	if err := b.Validate(); err != nil {
		return nil, err
	}
	rates := b.rates()
	w, err := b.walk(ctx, rates)
	if err != nil {
		return nil, err
	}
	var t, wide []float64
	if w != nil {
		if t, wide, err = w.sweep(rates).Temperatures(0, b.Slack); err != nil {
			return nil, err
		}
	}
	rows := make([][]theory.Quantity, len(rates))
	for i, rate := range rates {
		exact := b.temperatureAt(rate)
		rows[i] = []theory.Quantity{
			theory.Value("eta", rate),
			{Name: "u", Predicted: energy(exact)},
			{Name: "entropy", Predicted: entropyOf(exact)},
			{Name: "temperature", Predicted: exact},
		}
		if w != nil {
			rows[i][1].Simulations = theory.Simulated(theory.EstimateMean(w.energy[i]))
			rows[i][2].Simulations = theory.Simulated(theory.EstimateMean(w.entropy[i]))
			rows[i][3].Simulations = theory.Simulated(theory.Estimate{Value: t[i], StandardError: wide[i]})
		}
	}
	result := theory.Table(rows)
	result.Scalars["prefactor_exact"], result.Scalars["exponent_exact"] = theory.Known(b.temperatureAt(1)), theory.Known(1)
	result.Notes = []string{
		"the theory is that of small η and ησ; a step's finite size adds a relative η/2 to U and T, and η/2 to S",
		"entropy is Kozachenko and Leonenko's; temperature is the bracket in which F = U - T·S is least at its own rate",
	}
	if w != nil {
		b.addEstimates(result, rates, w, t)
	}
	return result, nil
}

// addEstimates adds what only all rates together say.
func (b *Bath) addEstimates(result *theory.Result, rates []float64, w *walks, t []float64) {
	// Costa and Hero leave out a constant: its mean over the rates, and how far it is from one.
	offsets := make([]float64, len(rates))
	for i, rate := range rates {
		offsets[i] = theory.EstimateMean(w.graph[i]).Value - entropyOf(b.temperatureAt(rate))
	}
	constant := theory.EstimateMean(offsets)
	result.Scalars["costa_hero_constant"] = theory.Known(constant.Value)
	result.Scalars["costa_hero_deviation"] = theory.Known(constant.StandardError * math.Sqrt(float64(len(rates))))
	states, own := w.sweep(rates).States(-1), 0
	for i, rate := range rates {
		if exact := b.temperatureAt(rate); temperature.Minimum(states, exact) == i && temperature.Valley(states, exact) {
			own++
		}
	}
	result.Scalars["valleys"] = theory.Known(float64(own))
	result.Notes = append(result.Notes,
		"costa_hero_constant is S of Costa and Hero less the exact one, costa_hero_deviation its standard deviation over the rates",
		"valleys counts the rates at whose T the measured F has one minimum, at that rate",
		"prefactor and exponent are those of T = c·η^b, prefactor_linear that of T = c·η")
	law, err := temperature.FitPowerLaw(rates, t)
	if err != nil {
		result.Notes = append(result.Notes, "no power law: "+err.Error())
		return
	}
	for name, value := range law.Scalars() {
		result.Scalars[name] = theory.Known(value)
	}
}
