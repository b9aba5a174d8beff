package ramp

import (
	"context"
	"math"
	"testing"

	"ergon/theory/theorytest"
)

// ramp returns the theory with w = 2 and κ = μ = kT = 1 for some durations.
func ramp(simulate int, times ...float64) *Ramp {
	return &Ramp{
		Stiffness: 1, Mobility: 1, Temperature: 1, Weight: 2, Times: times,
		Rows: "work", Bins: 24, Simulate: simulate, Steps: 32,
	}
}

// κ = μ = kT = 1, w = 2: the work of three durations, to the digits at which it
// is known, 4/e for the first.
func TestRampWork(t *testing.T) {
	r := ramp(0)
	theorytest.Near(t, "⟨W⟩ at τ = 1", r.Work(1), 4/math.E, 1e-14)
	for tau, want := range map[float64]float64{1: 1.4715, 10: 0.3600, 100: 0.0396} {
		if got := r.Work(tau); math.Abs(got-want) > 0.00005 {
			t.Errorf("⟨W⟩ at τ = %v: %.6f, want %.4f", tau, got, want)
		}
	}
	// A sudden ramp does the whole κw²/2; a slow one w²/(μτ).
	theorytest.Near(t, "⟨W⟩ of a sudden ramp", r.Work(1e-9), 2, 1e-8)
	theorytest.Near(t, "⟨W⟩ of a slow ramp", r.Work(1e9), 4e-9, 1e-8)
	theorytest.Near(t, "series and closed form", lag(1e-4*(1-1e-12)), lag(1e-4), 1e-10)
}

// The slope of the work in the duration tends to -1.
func TestRampSlope(t *testing.T) {
	for tau, off := range map[float64]float64{1: 0.4, 10: 0.05, 100: 0.005, 1000: 0.0005} {
		slope := ramp(0, tau, 10*tau).slope(nil).Predicted
		if !(slope > -1 && slope < -1+off) {
			t.Errorf("slope from τ = %v on: %.5f, want it within %v of -1", tau, slope, off)
		}
	}
}

// solution is what a segment makes of a strain: mean and covariance of end and
// work are linear in it.
func (s segment) solution() (end, work [4]float64) { // parts by strain, drive, two draws
	e0, w0 := s.advance(0, 0, 0)
	for i, in := range [][3]float64{{1, 0, 0}, {0, 0, 0}, {0, 1, 0}, {0, 0, 1}} {
		e, w := s.advance(in[0], in[1], in[2])
		end[i], work[i] = e-e0, w-w0
	}
	end[1], work[1] = e0, w0
	return end, work
}

// Two segments in a row are one of twice the length, in mean and covariance: the
// solution is exact for any number of them.
func TestRampStretchesCompose(t *testing.T) {
	r := &Ramp{Stiffness: 1.7, Mobility: 0.6, Temperature: 0.8, Weight: -1.3, Steps: 1}
	whole, wholeWork := r.segment(2.5).solution()
	r.Steps = 2
	half, halfWork := r.segment(2.5).solution()
	keep := half[0]
	theorytest.Near(t, "strain kept", keep*keep, whole[0], 1e-12)
	theorytest.Near(t, "strain driven", keep*half[1]+half[1], whole[1], 1e-12)
	theorytest.Near(t, "work of the strain", halfWork[0]*(1+keep), wholeWork[0], 1e-12)
	theorytest.Near(t, "work of the drive", 2*halfWork[1]+halfWork[0]*half[1], wholeWork[1], 1e-12)
	var got, want [3]float64
	for _, noise := range []int{2, 3} {
		first := [2]float64{keep * half[noise], halfWork[noise] + halfWork[0]*half[noise]}
		second := [2]float64{half[noise], halfWork[noise]}
		for i, pair := range [3][2]int{{0, 0}, {0, 1}, {1, 1}} {
			got[i] += first[pair[0]]*first[pair[1]] + second[pair[0]]*second[pair[1]]
		}
		one := [2]float64{whole[noise], wholeWork[noise]}
		for i, pair := range [3][2]int{{0, 0}, {0, 1}, {1, 1}} {
			want[i] += one[pair[0]] * one[pair[1]]
		}
	}
	for i, what := range []string{"variance of the strain", "covariance", "variance of the work"} {
		theorytest.Near(t, what, got[i], want[i], 1e-12)
	}
}

// The segment from equilibrium gives the theory's moments exactly: mean work, and
// its variance, twice kT as much.
func TestRampMomentsWithoutSampling(t *testing.T) {
	r := &Ramp{Stiffness: 1.7, Mobility: 0.6, Temperature: 0.8, Weight: -1.3, Steps: 1}
	for _, tau := range []float64{0.01, 1, 30} {
		_, work := r.segment(tau).solution()
		theorytest.Near(t, "⟨W⟩", work[1], r.Work(tau), 1e-11)
		variance := work[0]*work[0]*r.Temperature/r.Stiffness + work[2]*work[2] + work[3]*work[3]
		theorytest.Near(t, "var W", variance, 2*r.Temperature*r.Work(tau), 1e-9)
	}
}

// Simulated work, its variance, the mean of e^{-W/kT} and its whole distribution
// agree with the theory within 3 standard errors, however finely a ramp is cut.
func TestRampSimulation(t *testing.T) {
	for _, steps := range []int{1, 32} {
		r := ramp(20_000, 1, 10, 100)
		r.Steps = steps
		result := theorytest.PredictionOf(t, r)
		if worst := *result.Scalars["worst_z"]; worst > 3 {
			t.Errorf("%d steps: worst z %.2f", steps, worst)
		}
		if z := *result.Scalars["slope_simulated_z"]; math.Abs(z) > 3 {
			t.Errorf("%d steps: slope off by %.2f standard errors", steps, z)
		}
	}
}

func TestRampHistogram(t *testing.T) {
	r := ramp(20_000, 1)
	r.Rows = "histogram"
	result := theorytest.PredictionOf(t, r)
	width, sum, sampled := result.Rows[1][1]-result.Rows[0][1], 0.0, 0.0
	for _, row := range result.Rows {
		sum, sampled = sum+row[2]*width, sampled+row[3]*width
	}
	theorytest.Near(t, "probability within 4 deviations", sum, math.Erf(4/math.Sqrt2), 1e-12)
	theorytest.Near(t, "share of the samples there", sampled, sum, 1e-3)
	if worst := *result.Scalars["worst_z"]; worst > 3.5 {
		t.Errorf("worst z of %d cells %.2f", len(result.Rows), worst)
	}
}

// A theory whose temperature is wrong by a tenth is found out by the variance, and
// one whose mobility is wrong by a fifth by the mean.
func TestRampWrongTheory(t *testing.T) {
	right := ramp(20_000, 10)
	sample, err := right.simulate(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for what, wrong := range map[string]*Ramp{"variance": ramp(20_000, 10), "work": ramp(20_000, 10)} {
		wrong.Temperature = 1.1
		wrong.Mobility = map[string]float64{"variance": 1, "work": 1.2}[what]
		for _, q := range wrong.moments(10, sample) {
			if q.Name == what && math.Abs(q.Simulations[0].Z(q.Predicted)) < 5 {
				t.Errorf("%s of a wrong theory only %.1f standard errors off", what, q.Simulations[0].Z(q.Predicted))
			}
		}
	}
}

func TestRampConforms(t *testing.T) {
	theorytest.Conform(t, "ramp", "simulate=2000")
}

// What cannot be computed is an error that names the setting.
func TestRampRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"tau=[]":       "tau: no duration of the ramp; give one or more",
		"tau=[1,0]":    "tau[1]: 0 is outside (0,inf)",
		"temprature=2": `did you mean "temperature"?`,
	} {
		theorytest.Refused(t, "ramp", settings, want)
	}
}
