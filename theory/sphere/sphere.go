// Package sphere is the theory called sphere: learning on a sphere of two dimensions, the smallest
// network that does not care for the norm of its weights, as a heat bath.
package sphere

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/temperature"
)

// Sphere is stochastic gradient descent on the sphere |x| = 1,
//
//	x ← (x - η·g)/|x - η·g|,   g = ∇(x·a_i)²/|x|²,   i drawn anew in each step,
//
// whose loss, as a scale-invariant network's, does not depend on |x|. Of kind up (under-parameterised) no x is
// right for all three examples. The state that it settles to has, with H the curvature and s² the noise of a
// component of the gradient at the least loss,
//
//	U - U_min = ηs²/(2-ηH) + O(η²),   T = dU/dS = U - U_min,   SNR = √(π/2)·H·v/√(2s²),   v² = (U-U_min)/H.
//
// What stands beside the measurement is computed to higher orders: see solve. Of kind op
// (over-parameterised) the pole is right for both examples. Then signal and noise of the gradient vanish
// together, at any rate: the loss falls as e^{-ηt}, and T, equal to it, with it.
type Sphere struct {
	Kind     string  `key:"kind" doc:"up: no place is right for all examples; op: the poles are" oneof:"up|op"`
	Rate     float64 `key:"eta" doc:"learning rate η" in:"[1e-6,0.4]"`
	Points   int     `key:"points" doc:"further rates on each side of η; those above 0.6 are left out" in:"[1,100]"`
	Ratio    float64 `key:"ratio" doc:"of a rate to the one below it" in:"(1,10]"`
	Simulate int     `key:"simulate" doc:"walkers at each rate; 0: prediction alone" in:"[0,100000]"`
	Times    int     `key:"times" doc:"kind up: relaxation times 1/ηH for which a walker is observed, after ten that it is not" in:"[40,10000000]"`
	Slack    float64 `key:"slack" doc:"kind up: ε, by how much F may be above that of another rate" in:"[0,inf)"`
	Seed     uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Sphere)(nil)

// leastRate is the rate below which the moments of the stationary state are lost in rounding: their equations
// differ from 0 = 0 by η.
const leastRate = 1e-6

// mostRate is the rate beyond which the moments of the stationary state no longer close.
const mostRate = 0.6

func init() {
	theory.Theories.Register("sphere", schema.Doc{
		Summary: "SGD on a sphere as a heat bath: energy, entropy, temperature, or collapse",
		Source:  "Sadrtdinov, Klimov, Lobacheva and Vetrov 2025, arXiv 2505.23489, its toy, solved",
	}, func() theory.Theory {
		return &Sphere{Kind: "up", Rate: 0.01, Points: 3, Ratio: math.Sqrt2, Simulate: 16, Times: 4000}
	})
}

// Validate refuses rates at which a simulation takes too long.
func (s *Sphere) Validate() error {
	steps := float64(s.Times+unobserved) / curvature
	if s.Kind == "op" {
		steps = 50
	}
	lowest := s.rates()[0]
	if lowest < leastRate {
		return schema.Fieldf("eta", "the lowest rate is %.3g, and nothing is predicted below %g; give a larger η, or fewer points", lowest, leastRate)
	}
	if s.Simulate > 0 && steps/lowest > theory.MaxSimulatedSteps {
		return schema.Fieldf("eta", "a walker at the lowest rate %.3g takes %.3g steps; give a larger η, or simulate=0", lowest, steps/lowest)
	}
	return nil
}

// rates returns η and those around it, ascending.
func (s *Sphere) rates() (rates []float64) {
	for j := -s.Points; j <= s.Points; j++ {
		if rate := s.Rate * math.Pow(s.Ratio, float64(j)); rate <= mostRate || j == 0 {
			rates = append(rates, rate)
		}
	}
	return rates
}

// Predict implements Theory.
func (s *Sphere) Predict(ctx context.Context) (*theory.Result, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if s.Kind == "op" {
		return s.predictCollapse(ctx)
	}
	return s.predictBath(ctx)
}

// predictBath is the prediction of kind up.
func (s *Sphere) predictBath(ctx context.Context) (*theory.Result, error) {
	rates := s.rates()
	walks, err := s.walk(ctx, rates)
	if err != nil {
		return nil, err
	}
	var t, wide []float64
	if walks != nil {
		if t, wide, err = walks.sweep(rates).Temperatures(0, s.Slack); err != nil {
			return nil, err
		}
	}
	rows := make([][]theory.Quantity, len(rates))
	for i, rate := range rates {
		law, err := solve(rate)
		if err != nil {
			return nil, err
		}
		rows[i] = []theory.Quantity{
			theory.Value("eta", rate),
			{Name: "excess", Predicted: law.excess()},
			theory.Value("excess_linear", linearExcess(rate)),
			{Name: "snr", Predicted: law.snr()},
			{Name: "entropy", Predicted: law.entropy()},
			{Name: "temperature", Predicted: law.excess()},
		}
		if walks != nil {
			rows[i][1].Simulations = theory.Simulated(theory.EstimateMean(walks.excess[i]))
			rows[i][3].Simulations = theory.Simulated(theory.EstimateMean(walks.snr[i]))
			rows[i][4].Simulations = theory.Simulated(theory.EstimateMean(walks.entropy[i]))
			rows[i][5].Simulations = theory.Simulated(theory.Estimate{Value: t[i], StandardError: wide[i]})
		}
	}
	result := theory.Table(rows)
	addMeasured(result, rows[s.own(rates)])
	result.Scalars["prefactor_exact"], result.Scalars["exponent_exact"] = theory.Known(noise2/2), theory.Known(1)
	result.Notes = []string{
		"excess is U - U_min; excess_linear its leading order ηs²/(2-ηH); snr of the theory to the next order",
		"entropy and temperature of the theory are those of a Gaussian law. Three examples make steps of three kinds, and above η ≈ 0.1 the law is seen to be made of copies of itself: S falls, and above ηH = 1 - 1/√3 it is -∞",
		"scalars without _exact are measured at eta, with standard errors; prefactor and exponent are those of T = c·η^b over all rates, prefactor_linear that of T = c·η",
	}
	if walks != nil {
		addPowerLaw(result, rates, t)
	}
	if walks != nil && result.Scalars["temperature"] == nil {
		result.Notes = append(result.Notes, "temperature is not known: at none is F = U - T·S of this rate below that of the others, or it is the lowest or highest of them")
	}
	return result, nil
}

// own returns the number of the rate that the settings name.
func (s *Sphere) own(rates []float64) (nearest int) {
	for i, rate := range rates {
		if math.Abs(math.Log(rate/s.Rate)) < math.Abs(math.Log(rates[nearest]/s.Rate)) {
			nearest = i
		}
	}
	return nearest
}

// addMeasured adds the quantities of a row to the scalars: what was measured under the quantity's
// name, and the prediction beside it.
func addMeasured(result *theory.Result, row []theory.Quantity) {
	for _, q := range row[1:] {
		if q.Name == "excess_linear" {
			result.Scalars[q.Name] = theory.Known(q.Predicted)
			continue
		}
		result.Scalars[q.Name+"_exact"] = theory.Known(q.Predicted)
		result.Scalars[q.Name] = nil
		if len(q.Simulations) > 0 {
			result.Scalars[q.Name] = theory.Known(q.Simulations[0].Value)
			result.Scalars[q.Name+"_error"] = theory.Known(q.Simulations[0].StandardError)
		}
	}
}

// addPowerLaw adds the law T = c·η^b, if enough rates have a temperature.
func addPowerLaw(result *theory.Result, rates, t []float64) {
	law, err := temperature.FitPowerLaw(rates, t)
	if err != nil {
		result.Notes = append(result.Notes, "no power law: "+err.Error())
		return
	}
	for name, value := range law.Scalars() {
		result.Scalars[name] = theory.Known(value)
	}
}
