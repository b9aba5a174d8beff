package hebb

import (
	"fmt"
	"math"
	"testing"

	"ergon/theory/theorytest"
)

// Efficiencies to the four digits to which the closed form gives them: at α = ν = 1, and
// for few labels, where a slow force is twice as efficient.
func TestEfficiency(t *testing.T) {
	for settings, want := range map[[3]string]float64{
		{"nu=1", "alpha=1", "drive=sudden"}:       0.0740,
		{"nu=1", "alpha=1", "drive=slow"}:         0.1807,
		{"nu=1e-4", "alpha=1e-9", "drive=sudden"}: 0.0854,
		{"nu=1", "alpha=1e-9", "drive=sudden"}:    0.0795,
		{"nu=1e-4", "alpha=1e-9", "drive=slow"}:   2 * 0.0854,
		{"nu=1", "alpha=1e-9", "drive=slow"}:      2 * 0.0795,
	} {
		r := theorytest.Predict(t, "hebb", settings[:]...)
		theorytest.NearAbsolute(t, fmt.Sprint(settings), *r.Scalars["efficiency"], want, 1e-4)
	}
}

// For a weak force p_C = ½ + ν⟨σ'(z)⟩ over z ~ N(0,1), so that I = 2(ν⟨σ'⟩)². For a strong
// one it is the Gaussian tail beyond 0, but for 1/deviation².
func TestLimits(t *testing.T) {
	slope := 0.0 // ⟨σ'⟩ by Simpson's rule
	const n, far = 2000, 10.0
	for k := range n + 1 {
		z := far * (2*float64(k)/n - 1)
		weight := []float64{2, 4}[k%2]
		if k == 0 || k == n {
			weight = 1
		}
		slope += weight * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi) / math.Pow(2*math.Cosh(z/2), 2) * 2 * far / n / 3
	}
	for _, nu := range []float64{1e-5, 1e-20, 1e-100} {
		weak := (&Hebb{Nu: nu, Alpha: 1e-9, Drive: "sudden"}).exact()
		theorytest.Near(t, "I of a weak force", weak.information(), 2*nu*slope*nu*slope, 1e-8)
	}
	for _, alpha := range []float64{1e-100, 1e-9} { // as small as it can be set
		tiny := (&Hebb{Nu: 1e-100, Alpha: alpha, Drive: "slow"}).exact()
		theorytest.NearAbsolute(t, "efficiency", tiny.quantities(alpha)[4].Predicted, 2*0.0854, 1e-4)
	}
	for _, mean := range []float64{0.999, 1.001} { // on both sides of where the form changes
		theorytest.Near(t, "sum of a pair", tanhPair(mean, 3), math.Tanh((mean+3)/2)+math.Tanh((mean-3)/2), 1e-14)
	}
	for _, deviation := range []float64{300, 3000, 30000} {
		theorytest.Near(t, "tanh of a wide stability", meanTanh(deviation/2, deviation), math.Erf(0.5/math.Sqrt2), 5/(deviation*deviation))
	}
	theorytest.Near(t, "all is known", state{advantage: 1}.information(), math.Ln2, 1e-15)
	for _, m := range []float64{0.999e-3, 1.001e-3} { // on both sides of where the series ends
		theorytest.Near(t, "information of a small advantage", state{advantage: m}.information(), m*m/2+m*m*m*m/12, 1e-9)
	}
}

// The second law: whatever is set, the efficiency is below 1, and a slow force is the
// better one.
func TestSecondLaw(t *testing.T) {
	for nu := 0.01; nu <= 1000; nu *= 3 {
		for alpha := 1e-4; alpha <= 10000; alpha *= 10 {
			sudden := (&Hebb{Nu: nu, Alpha: alpha, Drive: "sudden"}).exact().quantities(alpha)[4].Predicted
			slow := (&Hebb{Nu: nu, Alpha: alpha, Drive: "slow"}).exact().quantities(alpha)[4].Predicted
			if !(0 < sudden && sudden < slow && slow < 1) {
				t.Errorf("ν = %v, α = %v: efficiency %v of a sudden force, %v of a slow one", nu, alpha, sudden, slow)
			}
		}
	}
}

// Simulated networks have the predicted share of right answers, information, heat, variance
// and efficiency, within 3 standard errors.
func TestSimulation(t *testing.T) {
	for _, settings := range [][]string{
		{"nu=1", "alpha=1", "drive=sudden"}, {"nu=1", "alpha=1", "drive=slow"},
		{"nu=2", "alpha=0.5", "drive=sudden"}, {"nu=0.5", "alpha=3", "drive=slow", "n=500"},
	} {
		r := theorytest.Predict(t, "hebb", append(settings, "simulate=24")...)
		if worst, n := *r.Scalars["worst_z"], *r.Scalars["comparisons"]; worst > 3 || n != 5 {
			t.Errorf("%v: worst z %.2f of %v\n%s", settings, worst, n, theorytest.Text(t, r))
		}
		for _, scalar := range []string{"p_correct", "information", "heat", "variance", "efficiency"} {
			e := r.Scalars[scalar+"_simulated_error"]
			if size := max(math.Abs(*r.Scalars[scalar]), 0.2); !(*e > 0 && *e < 0.1*size) {
				t.Errorf("%v: %s is known to ± %v only", settings, scalar, *e)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	for settings, want := range map[string]string{
		"nu=0": "nu: 0 is outside [1e-100,1000]", "alpha=0": "alpha: 0 is outside [1e-100,10000]", "nu=NaN": "nu: want a number", "drive=fast": "sudden",
		"alpha=0.0333 simulate=1": "whole number", "alpha=1e-9 simulate=1": "whole number",
		"alpha=10000 n=100000 simulate=1": "couplings",
	} {
		theorytest.Refused(t, "hebb", settings, want)
	}
}

func TestHebbConforms(t *testing.T) {
	theorytest.Conform(t, "hebb", "simulate=4", "n=100")
}
