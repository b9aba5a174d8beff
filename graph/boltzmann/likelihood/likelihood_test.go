package likelihood

import (
	"math"
	"testing"
)

// Probabilities of all states add up to 1, and the log-likelihood is their logarithms' mean.
func TestLogLikelihood(t *testing.T) {
	m := random(8, 5, 1, 3)
	z, rows := lnZ(t, m), everything(8)
	f, err := FreeEnergies(nil, m, rows)
	if err != nil {
		t.Fatal(err)
	}
	total, logs := 0.0, 0.0
	for _, f := range f {
		total += math.Exp(-f - z)
		logs += -f - z
	}
	near(t, "Σ p(v)", total, 1, 1e-12)
	got, err := LogLikelihood(nil, m, rows, z)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "log-likelihood", got, logs/256, 1e-12)
}

// Rows that are not the machine's are refused.
func TestRowsAreChecked(t *testing.T) {
	m := random(4, 3, 1, 1)
	for words, rows := range map[string][]float32{
		"0 numbers": nil,
		"6 numbers": make([]float32, 6),
		"NaN":       {0, 0, float32(math.NaN()), 0},
	} {
		_, err := LogLikelihood(nil, m, rows, 0)
		refused(t, err, words)
		_, err = PseudoLogLikelihood(nil, m, rows)
		refused(t, err, words)
		_, err = Reconstruct(nil, m, rows)
		refused(t, err, words)
		_, err = Biases(m, rows)
		refused(t, err, words)
	}
}
