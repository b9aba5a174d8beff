package sphere

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ergon/theory/theorytest"
)

// published are the two learning rates of the paper's figure, numbers 4 and 19 of its grid.
var published = []float64{math.Pow(10, -3+3*4./31), math.Pow(10, -3+3*19./31)}

// Gradients are the derivatives of the loss, and tangential.
func TestGradient(t *testing.T) {
	const h = 1e-6
	for _, kind := range []string{"up", "op"} {
		e, x := examplesOf(kind), vector{0.3, -0.5, 0.8}.normalised()
		for i := range e {
			g := e.gradient(i, x)
			theorytest.NearAbsolute(t, "g·x", g.dot(x), 0, 1e-15)
			for c := range x {
				var d vector
				d[c] = h
				up, down := x.plus(1, d).normalised().dot(e[i]), x.plus(-1, d).normalised().dot(e[i])
				theorytest.NearAbsolute(t, "gradient", g[c], (up*up-down*down)/(2*h), 1e-8)
			}
		}
	}
}

// The constants, and what the closed forms give at the published rates: 1.000 and 1.025 times that was
// measured there, 9.030e-5 and 2.697e-3. The moments give both.
func TestPublishedExcess(t *testing.T) {
	e := examplesOf("up")
	theorytest.Near(t, "U_min", e.loss(vector{0, 0, 1}), 0.04/1.04, 1e-14)
	theorytest.NearAbsolute(t, "H", curvature, 0.8846154, 5e-8)
	theorytest.NearAbsolute(t, "s²", noise2, 0.0739645, 5e-8)
	_, noise := e.gradients(vector{0, 0, 1})
	theorytest.Near(t, "noise at the least loss", noise*noise, 2*noise2, 1e-12)
	for i, measured := range []float64{9.030e-5, 2.697e-3} {
		law, err := solve(published[i])
		if err != nil {
			t.Fatal(err)
		}
		theorytest.Near(t, "U - U_min", law.excess(), measured, 1e-3)
		theorytest.Near(t, "U - U_min, linear", linearExcess(published[i]), measured, []float64{0.001, 0.03}[i])
		theorytest.NearAbsolute(t, "SNR", law.snr(), []float64{0.029, 0.156}[i], 6e-4)
	}
}

// A step of the series is a step.
func TestStepSeries(t *testing.T) {
	e, rate := examplesOf("up"), 0.3
	for i, a := range e {
		u, v := stepSeries(a, rate, 1)
		x := vector{0.07, -0.04, 0}
		x[2] = math.Sqrt(1 - x[0]*x[0] - x[1]*x[1])
		at := func(s *series) (sum float64) {
			for j := range s {
				for k := range s[j] {
					sum += s[j][k] * math.Pow(x[0], float64(j)) * math.Pow(x[1], float64(k))
				}
			}
			return sum
		}
		want := e.step(i, x, rate)
		theorytest.NearAbsolute(t, "u'", at(u), want[0], 1e-9)
		theorytest.NearAbsolute(t, "v'", at(v), want[1], 1e-9)
	}
}

// Excess and SNR as the moments have them, at eleven rates from 1e-3 to 0.38, within four standard errors,
// and the SNR, whose law is known to the next order only, within 2 % beside.
func TestBathAtElevenRates(t *testing.T) {
	r := theorytest.Predict(t, "sphere", "eta=0.02", "points=5", "ratio=1.8", "simulate=12", "times=600")
	at := func(row []float64, column string) float64 { return row[slices.Index(r.Columns, column)] }
	if len(r.Rows) != 11 {
		t.Fatalf("%d rates", len(r.Rows))
	}
	for _, row := range r.Rows {
		rate := at(row, "eta")
		for _, q := range []string{"excess", "snr"} {
			got, want, wide := at(row, q+"_simulated"), at(row, q), at(row, q+"_simulated_error")
			slack := map[string]float64{"excess": 0, "snr": 0.02}[q]
			if math.Abs(got-want) > 4*wide+slack*want {
				t.Errorf("η = %.4g: %s %.5g ± %.2g, want %.5g", rate, q, got, wide, want)
			}
			if wide > 0.03*want {
				t.Errorf("η = %.4g: the error of %s is %.2g of %.2g: nothing is tested", rate, q, wide, want)
			}
		}
		if rate < 0.01 {
			theorytest.Near(t, "linear excess", at(row, "excess_linear"), at(row, "excess"), 0.005)
		}
	}
}

// T(η) of the walkers: exponent 1.00 ± 0.05, prefactor s²/2 within a tenth.
func TestTemperature(t *testing.T) {
	r := theorytest.Predict(t, "sphere", "eta=0.01", "points=3", "ratio=1.5", "simulate=12", "times=2000")
	theorytest.NearScalar(t, r, "exponent", 1, 0.05)
	theorytest.NearScalar(t, r, "prefactor_linear", noise2/2, 0.1)
	theorytest.NearScalar(t, r, "temperature", *r.Scalars["temperature_exact"], 0.12)
}

// Walkers at the two published rates have the published excess, 9.030e-5 and 2.697e-3, and SNR, 0.029 and 0.156, within
// four standard errors and half of the last published digit.
func TestWalkersAtPublishedRates(t *testing.T) {
	for i, rate := range published {
		r := theorytest.Predict(t, "sphere", fmt.Sprintf("eta=%g", rate), "points=1", "ratio=1.5", "simulate=12", "times=600")
		for q, want := range map[string][2]float64{
			"excess": [][2]float64{{9.030e-5, 5e-9}, {2.697e-3, 5e-7}}[i], "snr": [][2]float64{{0.029, 5e-4}, {0.156, 5e-4}}[i],
		} {
			got, wide := *r.Scalars[q], *r.Scalars[q+"_error"]
			if math.Abs(got-want[0]) > 4*wide+want[1] || wide > 0.02*want[0] {
				t.Errorf("η = %.4g: %s %.5g ± %.2g, want %.5g", rate, q, got, wide, want[0])
			}
		}
	}
}

// Collapse at eleven rates from 1e-3 to 0.38 as it is solved for: steps to a loss of 1e-16, the rate at which ln loss falls,
// the SNR, and T over the loss.
func TestCollapseAtElevenRates(t *testing.T) {
	r := theorytest.Predict(t, "sphere", "kind=op", "eta=0.02", "points=5", "ratio=1.8", "simulate=12")
	at := func(row []float64, column string) float64 { return row[slices.Index(r.Columns, column)] }
	if len(r.Rows) != 11 {
		t.Fatalf("%d rates", len(r.Rows))
	}
	for _, row := range r.Rows {
		for _, q := range []string{"collapse_steps", "growth", "snr", "temperature_over_loss"} {
			got, want, wide := at(row, q+"_simulated"), at(row, q), at(row, q+"_simulated_error")
			slack := 0.01 // of a mean over a finite collapse, in a law that takes 1/η steps to settle
			if q == "collapse_steps" && at(row, "eta") > 0.1 {
				slack = 0.06 // the mean gradient is not the mean of the steps
			}
			if known := at(row, "eta") < 0.1; known && math.IsNaN(got) || math.Abs(got-want) > 4*wide+slack*math.Abs(want) {
				t.Errorf("η = %.4g: %s %.5g ± %.2g, want %.5g", at(row, "eta"), q, got, wide, want)
			}
		}
	}
}

// The published runs, one at each rate, collapse after 15996 and 544 steps: within three deviations of single walkers from
// their mean.
func TestCollapseAtPublishedRates(t *testing.T) {
	const walkers = 32
	for i, want := range []float64{15996, 544} {
		r := theorytest.Predict(t, "sphere", "kind=op", fmt.Sprintf("eta=%g", published[i]), "points=1", fmt.Sprint("simulate=", walkers))
		mean, deviation := *r.Scalars["collapse_steps"], *r.Scalars["collapse_steps_error"]*math.Sqrt(walkers)
		if math.Abs(mean-want) > 3*deviation || deviation > 0.03*want {
			t.Errorf("η = %.4g: %.0f ± %.0f steps of a single walker, want %.0f", published[i], mean, deviation, want)
		}
	}
}

// For small rates the collapse has the rate ln(1-η/2) and the SNR 1/√3, up to terms of first order in η.
func TestCollapseAtSmallRates(t *testing.T) {
	a, b := solveCollapse(0.0025), solveCollapse(0.005)
	theorytest.Near(t, "growth", a.growth, math.Log1p(-0.00125), 1e-5)
	theorytest.NearAbsolute(t, "SNR at η → 0", 2*a.snr-b.snr, 1/math.Sqrt(3), 1e-4)
}

// At rates so small that a collapse is not followed step by step, what is extrapolated is what is solved for.
func TestCollapseIsExtrapolated(t *testing.T) {
	for _, rate := range []float64{0.0049, 0.0025} {
		solved, expanded := solveCollapse(rate), collapseAt(rate)
		theorytest.Near(t, "growth", expanded.growth, solved.growth, 1e-6)
		theorytest.NearAbsolute(t, "SNR", expanded.snr, solved.snr, 2e-6)
	}
	theorytest.Near(t, "steps", meanCollapse(0.99999*shortest), float64(stepsOfMean(shortest)), 2e-5)
	theorytest.Near(t, "steps", meanCollapse(shortest/2), float64(stepsOfMean(shortest/2)), 2e-5)
	if steps := meanCollapse(1e-6); math.Abs(steps*1e-6-39.04) > 0.01 {
		t.Errorf("%g steps at η = 1e-6, want 39.04/η", steps)
	}
}

func TestSphereConforms(t *testing.T) {
	for _, kind := range []string{"up", "op"} {
		t.Run(kind, func(t *testing.T) {
			theorytest.Conform(t, "sphere", "kind="+kind, "eta=0.1", "points=2", "simulate=3", "times=100")
		})
	}
}

// What cannot be computed is an error that names the setting.
func TestSphereRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"eta=0.5":          "eta: 0.5 is outside [1e-6,0.4]",
		"eta=1e-5":         "eta: a walker at the lowest rate",
		"eta=0":            "eta: 0 is outside [1e-6,0.4]",
		"eta=1e-6":         "eta: the lowest rate is 3.54e-07, and nothing is predicted below 1e-06; give a larger η, or fewer points",
		"kind=op eta=1e-8": "eta: 1e-8 is outside",
		"kind=sideways":    "up, op",
		"times=10":         "times: 10 is outside",
	} {
		theorytest.Refused(t, "sphere", settings, want)
	}
}
