package bounds

import (
	"math"
	"testing"
)

// near fails unless got is want within a relative tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %.6g, want %.6g", what, got, want)
	}
}

// The constants that Tkachenko quotes, to more digits.
func TestConstants(t *testing.T) {
	near(t, "kT", Thermal(300), 4.1419e-21, 1e-4)
	near(t, "kT ln 2", Landauer(300), 2.8710e-21, 1e-4)
	near(t, "16 kT ln 2", LandauerFLOP(300), 4.5936e-20, 1e-4)
	near(t, "bits a second of a brain of 10 W at 310 K", BitRate(10, 310), 3.37e21, 1e-3)
}

// Eq. 5 at its ends: half of the units active, and few.
func TestDynamicInference(t *testing.T) {
	const units = 110
	near(t, "Eq. 5 at p = 1/2", DynamicInference(units, 0.5, 300), units*Landauer(300), 1e-12)
	for _, p := range []float64{0, 1} {
		if e := DynamicInference(units, p, 300); e != 0 {
			t.Errorf("Eq. 5 at p = %g: %g, want 0: nothing is forgotten", p, e)
		}
	}
	if e := DynamicInferenceSparse(units, 0, 300); e != 0 {
		t.Errorf("sparse Eq. 5 at p = 0: %g, want 0", e)
	}
	before := math.Inf(1)
	for _, p := range []float64{0.5, 0.1, 1e-2, 1e-4, 1e-8} {
		excess := DynamicInferenceSparse(units, p, 300)/DynamicInference(units, p, 300) - 1
		if excess < 0 || excess > p*0.6 || excess >= before {
			t.Errorf("sparse form at p = %g: %g above the exact one, want less than %g and falling with p", p, excess, p*0.6)
		}
		before = excess
	}
}

// Entropy is concave: units that differ forget less than their mean would.
func TestUnitsThatDiffer(t *testing.T) {
	near(t, "equal units", DynamicInferenceUnits([]float64{0.3, 0.3}, 300), DynamicInference(2, 0.3, 300), 1e-12)
	near(t, "units of known and of even odds", DynamicInferenceUnits([]float64{0, 0.5, 1}, 300), Landauer(300), 1e-12)
	if DynamicInferenceUnits([]float64{0.1, 0.5}, 300) >= DynamicInference(2, 0.3, 300) {
		t.Error("units that differ forget more than equal ones")
	}
}

// Eqs. 16 and 17 for 784-100-10 and one epoch of 60 000 presentations at 300 K.
func TestTraining(t *testing.T) {
	const n, d = 784*100 + 100 + 100*10 + 10, 60000
	near(t, "Eq. 16", AnalogTraining(n, d, 300, 1), 3.952e-11, 1e-4)
	near(t, "Eq. 17", DigitalTraining(n, d, 300), 1.3148e-9, 1e-4)
	near(t, "Eq. 17 in kT", DigitalTraining(1, 1, 300)/Thermal(300), 66.54, 1e-4)
	near(t, "Eq. 17, rounded", DigitalTrainingRounded(1, 1, 300)/Thermal(300), 100, 1e-12)
	near(t, "Eq. 17, rounded, of 784-100-10", DigitalTrainingRounded(n, d, 300), 1.9760e-9, 1e-4)
	near(t, "Eq. 17, rounded, grows as N D", DigitalTrainingRounded(3, 7, 300), 2100*Thermal(300), 1e-12)
	near(t, "one inference", DigitalInference(n, 300), 7.305e-15, 1e-4)
	for _, temperature := range []float64{1, 300} {
		near(t, "48 ln 2", DigitalTraining(n, d, temperature)/AnalogTraining(n, d, temperature, 1), 48*math.Ln2, 1e-12)
	}
	near(t, "48 ln 2 in digits", 48*math.Ln2, 33.271, 1e-4)
	near(t, "Eq. 16 with R", AnalogTraining(n, d, 300, 1.25), 1.25*AnalogTraining(n, d, 300, 1), 1e-12)
}

// 2 N kT (S + D/B_simple) of a run of 100 steps: 7850 parameters, 6400 presentations,
// B_simple = 75.304709. In digits, 2·7850·4.141947e-21·(100 + 84.988) = 1.20295e-14.
func TestTrainingByBatches(t *testing.T) {
	near(t, "in J", AnalogTrainingBatched(7850, 100, 6400, 300, 75.30470950164982), 1.20295e-14, 1e-5)
	near(t, "steps alone, of a large batch", AnalogTrainingBatched(3, 5, 7, 300, math.Inf(1)), 2*3*5*Thermal(300), 1e-12)
	near(t, "presentations alone", AnalogTrainingBatched(3, 0, 7, 300, 0.5), 2*3*14*Thermal(300), 1e-12)
}

// Eqs. 18 and 19: a reversible refrigerator produces no entropy and makes good
// exactly what cold saves; a worse one costs more.
func TestCooling(t *testing.T) {
	const warm, cold, n, d = 300.0, 4.0, 1e6, 1e6
	e := AnalogTraining(n, d, cold, 1)
	total := WithCooling(e, warm, cold)
	near(t, "Eq. 19", total, AnalogTraining(n, d, warm, 1), 1e-12)
	if s := EntropyProduced(total-e, e, warm, cold); math.Abs(s) > 1e-12*e/cold {
		t.Errorf("Eq. 18 for the least work: %g J/K, want 0", s)
	}
	if EntropyProduced(0.9*(total-e), e, warm, cold) >= 0 {
		t.Error("Eq. 18 allows less than the least work")
	}
}

func TestNegentropy(t *testing.T) {
	near(t, "Eq. 20 of kT ln 2", Negentropy(Landauer(300), 300), 1, 1e-12)
}

// Two steps at rates .5 and .25 against gradients (3,0) and (0,4) move by (-1.5,-1), a
// squared distance of 3.25 that takes 3.25/.75, and dissipate .5·9 + .25·16 = 8.5.
func TestLearning(t *testing.T) {
	near(t, "speed limit", SpeedLimit(3.25, 0.75), 13.0/3, 1e-12)
	near(t, "information", Information(1000, math.Ln2, 300), 1000*Landauer(300), 1e-12)
	near(t, "efficiency", LearningEfficiency(100, 0.5, 1e6, 0.01), 5e-7, 1e-12)
}

// Gradients at four presentations in two dimensions, by hand: (1,0) twice,
// (0,1), (2,1). Their mean is (1,½), the unbiased variances 2/3 and 1/3.
func TestGradients(t *testing.T) {
	g := EstimateGradients(1+1+1+5, 1+0.25, 4)
	near(t, "⟨|g|²⟩", g.MeanSquare, 2, 1e-12)
	near(t, "tr Σ", g.TraceVariance, 1, 1e-12)
	near(t, "R of Eq. 16", g.Ratio(), 2, 1e-12)
	near(t, "B_simple", g.NoiseScale(), 1, 1e-12)
	near(t, "R = 1 + 1/B_simple", g.Ratio(), 1+1/g.NoiseScale(), 1e-12)
	near(t, "kT*", g.ThresholdTemperature(0.1, 2, 1), 0.1*1/(2*2), 1e-12)
	near(t, "kT* of batches of 4", g.ThresholdTemperature(0.1, 2, 4), 0.1*1/(2*2*4), 1e-12)
	g2 := EstimateGradients(35, 3.4, 5) // ⟨|g|²⟩ = 7, tr Σ = 3.6·5/4
	near(t, "⟨|g|²⟩ of five", g2.MeanSquare, 7, 1e-12)
	near(t, "tr Σ of five", g2.TraceVariance, 4.5, 1e-12)
	near(t, "R of five", g2.Ratio(), 7/4.5, 1e-12)
	near(t, "B_simple of five", g2.NoiseScale(), 4.5/2.5, 1e-12)
	near(t, "kT* of five", g2.ThresholdTemperature(0.1, 3, 7), 0.1*4.5/42, 1e-12)
	near(t, "steps of one presentation", AnalogTrainingBatched(2, 10, 10, 300, g.NoiseScale()), AnalogTraining(2, 10, 300, g.Ratio()), 1e-12)
}

// Where tr Σ, |⟨g⟩|² and their ratios are all different numbers: gradients (3,0),
// (1,2) and (2,1), of mean (2,1) and unbiased variances 1 and 1.
func TestGradientsOfOddSizes(t *testing.T) {
	g := EstimateGradients(9+5+5, 4+1, 3)
	near(t, "⟨|g|²⟩", g.MeanSquare, 19.0/3, 1e-12)
	near(t, "tr Σ", g.TraceVariance, 2, 1e-12)
	near(t, "R", g.Ratio(), 19.0/6, 1e-12)
	near(t, "B_simple", g.NoiseScale(), 6.0/13, 1e-12)
	near(t, "R = 1 + 1/B_simple", 1+1/g.NoiseScale(), g.Ratio(), 1e-12)
	near(t, "kT* = η tr Σ/(2NB)", g.ThresholdTemperature(0.1, 5, 4), 0.1*2/(2*5*4), 1e-12)
	near(t, "2 N kT (S + D/B_simple)", AnalogTrainingBatched(3, 10, 80, 300, g.NoiseScale()), 2*3*Thermal(300)*(10+80*13.0/6), 1e-12)
}
