package likelihood

import (
	"math"
	"testing"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/internal/parallel"
)

// lnConditional is ln p(v_i | all other v) by both free energies.
func lnConditional(m *boltzmann.Machine, v []float32, i int) float64 {
	flipped := append([]float32(nil), v...)
	flipped[i] = 1 - v[i]
	f, g := m.FreeEnergy(v), m.FreeEnergy(flipped)
	return -f - math.Log(math.Exp(-f)+math.Exp(-g))
}

// The pseudo-likelihood is the sum of conditional probabilities, whatever hidden units are.
func TestPseudoLogLikelihood(t *testing.T) {
	for _, hidden := range []unit.Unit{unit.Bernoulli{}, gaussian{}} {
		m, rows, want := random(7, 5, 1, 2), everything(7), 0.0
		m.HiddenUnits = hidden
		for k := range 1 << 7 {
			for i := range 7 {
				want += lnConditional(m, rows[7*k:7*k+7], i) / (1 << 7)
			}
		}
		got, err := PseudoLogLikelihood(nil, m, rows)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "pseudo-likelihood", got.Value, want, 1e-12)
	}
}

// Without weights units are independent: it is the likelihood.
func TestPseudoLikelihoodOfIndependentUnits(t *testing.T) {
	m := random(6, 3, 1, 2)
	clear(m.W)
	want, err := LogLikelihood(nil, m, everything(6), lnZ(t, m))
	if err != nil {
		t.Fatal(err)
	}
	got, err := PseudoLogLikelihood(nil, m, everything(6))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "pseudo-likelihood", got.Value, want, 1e-12)
}

// One unit of each example gives the same on average, with the error that it says: over 400 draws, within
// 4 standard errors of the mean, and of the variance, whose relative error is √(2/400).
func TestSampledPseudoLogLikelihood(t *testing.T) {
	const draws = 400
	m := random(9, 5, 1, 2)
	rows := samples(t, m, 200, 1)
	exact, err := PseudoLogLikelihood(nil, m, rows)
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(3)
	defer pool.Close()
	var z []float64
	for step := range uint64(draws) {
		got, err := SampledPseudoLogLikelihood(nil, m, rows, stream("pseudo"), step)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := SampledPseudoLogLikelihood(pool, m, rows, stream("pseudo"), step); err != nil || again != got {
			t.Fatalf("%v, %v on three cores, %v on one", again, err, got)
		}
		z = append(z, (got.Value-exact.Value)/got.StandardError)
	}
	near(t, "mean deviation in standard errors", mean(z), 0, 4/math.Sqrt(draws))
	square := 0.0
	for _, z := range z {
		square += z * z / draws
	}
	// The examples are the same in all draws, so that only the choice of units scatters: less than is said.
	if square > 1+4*math.Sqrt(2./draws) || square < 0.3 {
		t.Errorf("deviations have the mean square %.2f in standard errors, want 0.3 to 1.3", square)
	}
}

// Of what cannot be flipped there is no pseudo-likelihood.
func TestPseudoLogLikelihoodRefuses(t *testing.T) {
	m := random(4, 3, 1, 1)
	_, err := PseudoLogLikelihood(nil, m, []float32{0, 1, 0, 1, 1, 0.5, 0, 0})
	refused(t, err, "visible unit 1 of example 1 is 0.5")
	m.VisibleUnits = gaussian{}
	_, err = SampledPseudoLogLikelihood(nil, m, make([]float32, 4), stream(""), 0)
	refused(t, err, "0 or 1", "reconstruction")
}

// Reconstructions of binary units, written out.
func TestReconstruct(t *testing.T) {
	m := random(5, 4, 1, 8)
	rows, entropy, square := everything(5), 0.0, 0.0
	sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for k := range 1 << 5 {
		v := rows[5*k : 5*k+5]
		for i := range v {
			field := float64(m.Visible[i])
			for j, b := range m.Hidden {
				sum := float64(b)
				for l := range v {
					sum += float64(v[l] * m.W[4*l+j])
				}
				field += float64(m.W[4*i+j]) * sigma(sum)
			}
			p := sigma(field)
			entropy -= float64(v[i])*math.Log(p) + float64(1-v[i])*math.Log(1-p)
			square += (float64(v[i]) - p) * (float64(v[i]) - p)
		}
	}
	got, err := Reconstruct(nil, m, rows)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "cross-entropy", got.CrossEntropy.Value, entropy/(5<<5), 1e-6) // ĥ is rounded to float32
	near(t, "squared error", got.SquaredError.Value, square/(5<<5), 1e-6)
}

// Of Gaussian units the cross-entropy is half the squared error and ½ ln 2π; of Potts units that of a
// whole unit, ln 3 without fields.
func TestReconstructOtherUnits(t *testing.T) {
	m := random(6, 4, 1, 8)
	m.VisibleUnits = gaussian{}
	rows := []float32{1, 2, 3, 0, -1, 0.5, 0, 0, 0, 1, 1, 1}
	got, err := Reconstruct(nil, m, rows)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "cross-entropy of Gaussian units", got.CrossEntropy.Value, got.SquaredError.Value/2+math.Log(2*math.Pi)/2, 1e-12)

	m.VisibleUnits = potts{}
	clear(m.W)
	clear(m.Visible)
	if got, err = Reconstruct(nil, m, []float32{1, 0, 0, 0, 1, 0}); err != nil {
		t.Fatal(err)
	}
	near(t, "cross-entropy of Potts units", got.CrossEntropy.Value, math.Log(3), 1e-12)
	near(t, "squared error of Potts units", got.SquaredError.Value, (4./9+1./9+1./9)/3, 1e-12)
}
