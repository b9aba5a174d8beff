//go:build slow

package train

import "testing"

func TestPerceptronTheoryNearCapacity(t *testing.T) {
	t.Parallel()
	for _, p := range []int{1500, 1800} {
		checkTheory(t, 1000, p)
	}
}

// At P = 1900 of the 2000 that a perceptron of 1000 inputs can learn, energy is
// some 900 times the least possible (Li & van Rossum 2020). So near to
// capacity K scatters too much to be compared with its formula, but M is still N·K.
func TestPerceptronAtCapacity(t *testing.T) {
	t.Parallel()
	s := perceptron(t, 1000, 1900)
	e := s.Energy
	t.Logf("K = %d, M/Mmin = %.0f", s.Updates, *e.M1Inefficiency)
	if e.M0 != int64(1000*s.Updates) || *e.M1Inefficiency < 700 || *e.M1Inefficiency > 1100 {
		t.Errorf("M0 = %d in %d updates, M/Mmin = %.0f, want 1000 each and 700 to 1100", e.M0, s.Updates, *e.M1Inefficiency)
	}
}
