package idealgas

import (
	"math"
	"testing"

	"ergon/theory/theorytest"
)

// The equation of state at D = 50, η = λ = 0.003, to the digits at which it is known: r and U without a
// mask, and with one of half the weights.
func TestStateWithMask(t *testing.T) {
	for p, want := range map[float64][2]float64{1: {2.2248, 0.00742}, 0.5: {1.8708, 0.01050}} {
		g := theorytest.New[*IdealGas](t, "idealgas")
		g.P = p
		s := g.state(g.Rate, g.Decay)
		theorytest.NearAbsolute(t, "r", s.r, want[0], 5e-5)
		theorytest.NearAbsolute(t, "(D-1)T/2", 24.5*s.temperature, want[1], 5e-6)
		theorytest.Near(t, "λV", g.Decay*s.volume, p*24.5*s.temperature, 1e-12)
		theorytest.Near(t, "U", s.energy, 24.5*s.temperature, 0.01)
	}
}

// U of the continued fraction: in three dimensions 1 - coth(1/T) + T, in many (D-1)T/2 for small T, and 1
// for large.
func TestEnergy(t *testing.T) {
	for _, temperature := range []float64{1e-7, 1e-3, 0.2, 1, 50} {
		theorytest.Near(t, "U", energy(3, temperature), 1-1/math.Tanh(1/temperature)+temperature, 1e-6)
	}
	for _, temperature := range []float64{1e-12, 1e-20, 1e-200} {
		theorytest.Near(t, "U", energy(50, temperature), 24.5*temperature, 1e-10)
	}
	theorytest.Near(t, "U", energy(50, 1e-5), 24.5e-5, 2e-4)
	theorytest.Near(t, "U", energy(50, 1e6), 1, 1e-6)
}

// Both kinds of rate have the slopes and Maxwell's relation of the closed form, by differences.
func TestSlopesOfTheTheory(t *testing.T) {
	const h = 1e-4
	for hold, want := range map[string][2]float64{"rate": {24.5, 0}, "effective": {49, -24.5}} {
		g := theorytest.New[*IdealGas](t, "idealgas", "hold="+hold, "p=0.3")
		at := func(a, b float64) float64 { return g.state(g.Rate*math.Exp(a), g.Decay*math.Exp(b)).entropy }
		theorytest.NearAbsolute(t, "∂S/∂ln η", (at(h, 0)-at(-h, 0))/(2*h), want[0], 1e-6)
		theorytest.NearAbsolute(t, "∂S/∂ln λ", (at(0, h)-at(0, -h))/(2*h), want[1], 1e-6)
		r := theorytest.Predict(t, "idealgas", "hold="+hold, "grid=2", "simulate=0")
		theorytest.NearScalar(t, r, "maxwell_exact", 24.5, 1e-12)
		theorytest.NearAbsolute(t, "ds_dlnlambda", *r.Scalars["ds_dlnlambda_exact"], want[1], 1e-12)
	}
}

// At four densities of the mask, and with either kind of rate, r and U of the walkers are within 2 % of the
// equation of state. Without the mask in the pressure r would be off by 19 % and more.
func TestMaskedGas(t *testing.T) {
	for _, settings := range [][]string{
		{"p=1"}, {"p=0.5", "eta=0.006", "lambda=0.006"}, {"p=0.2", "eta=0.006", "lambda=0.006"},
		{"p=0.1", "eta=0.006"}, {"p=0.5", "hold=effective", "eta=0.002"},
	} {
		r := theorytest.Predict(t, "idealgas", append([]string{"simulate=8", "times=60"}, settings...)...)
		for _, q := range []string{"r", "u", "temperature"} {
			got, want, wide := *r.Scalars[q], *r.Scalars[q+"_exact"], *r.Scalars[q+"_error"]
			if math.Abs(got-want) > 0.02*want || wide > 0.01*want {
				t.Errorf("%v: %s = %.5g ± %.2g, want %.5g to 2 %%", settings, q, got, wide, want)
			}
		}
	}
}

// The slopes of S that the walkers show, within four standard errors, which are small enough to tell a gas
// from one whose entropy does not heed the decay, or heeds it as the other kind of rate has it.
func TestSlopesOfWalkers(t *testing.T) {
	for hold, want := range map[string][2]float64{"rate": {1, 0}, "effective": {2, -1}} {
		r := theorytest.Predict(t, "idealgas", "d=3", "eta=0.02", "lambda=0.02", "grid=2", "decades=1.2", "hold="+hold, "simulate=12", "times=400")
		for i, q := range []string{"ds_dlneta", "ds_dlnlambda"} {
			got, wide := *r.Scalars[q], *r.Scalars[q+"_error"]
			if math.Abs(got-want[i]) > 4*wide+0.01 || wide > 0.05 {
				t.Errorf("%s held: %s = %.3f ± %.3f, want %g", hold, q, got, wide, want[i])
			}
		}
	}
}

func TestIdealGasConforms(t *testing.T) {
	t.Run("one state", func(t *testing.T) {
		theorytest.Conform(t, "idealgas", "d=5", "eta=0.05", "lambda=0.05", "p=0.5", "simulate=3", "times=20")
	})
	t.Run("grid", func(t *testing.T) {
		theorytest.Conform(t, "idealgas", "d=3", "eta=0.05", "lambda=0.05", "grid=2", "decades=1", "simulate=3", "times=20")
	})
}

// What is no gas, or takes too long, is an error that names the setting.
func TestIdealGasRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"eta=0.5 lambda=1 d=3": "eta: the effective rate η/r² is 0.707 at η = 0.5, λ = 1: a step is as long as x; give a smaller η or λ",
		"eta=1e-6 lambda=1e-6": "eta: a walker at η = 1e-06, λ = 1e-06 takes",
		"d=10000":              "d: a walker at η = 0.003, λ = 0.003 takes",
		"p=0":                  "p: 0 is outside (0,1]",
		"d=2":                  "d: 2 is outside [3,10000]",
		"hold=nothing":         "rate, effective",
		"grid=3 decades=4 d=3 eta=.01 lambda=.01": "eta: the effective rate η/r² is 1 at η = 1, λ = 1",
	} {
		theorytest.Refused(t, "idealgas", settings, want)
	}
}
