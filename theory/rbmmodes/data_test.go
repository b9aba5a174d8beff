package rbmmodes

import (
	"math"
	"testing"

	"ergon/theory/theorytest"
)

// Patterns are orthogonal to each other and to the mean, and the eigenvalues of C-D are those that
// were planted: m²V - Σm² of each pattern, times the variance of a unit, and -Σm² of the rest.
func TestPlant(t *testing.T) {
	const units, examples = 16, 1 << 16
	for _, mean := range []float64{0.5, 0.3} {
		r := &RBMModes{V: units, H: 2, Strengths: []float64{0.4, 0.2}, Mean: mean, Examples: examples}
		for k := range 2 {
			sum, product := 0.0, 0.0
			for i := range units {
				sum += r.pattern(k, i)
				product += r.pattern(0, i) * r.pattern(1, i)
			}
			if sum != 0 || product != 0 {
				t.Errorf("pattern %d: sum %v, product %v", k, sum, product)
			}
		}
		d := r.plant()
		variance := mean * (1 - mean)
		// Covariances of so many examples are known to variance/√examples, an eigenvalue to about
		// as much times the root of its own in units of the variance, and sampled noise spreads
		// those of the rest by 2√(V/examples).
		for k, m := range r.Strengths {
			want := variance * (m*m*units - 0.2)
			theorytest.NearAbsolute(t, "λ", d.growth[k], want, 5*(want+variance)/math.Sqrt(examples))
		}
		for _, rest := range d.growth[2:] {
			theorytest.NearAbsolute(t, "λ of no pattern", rest, -0.2*variance, 3*variance*math.Sqrt(units/float64(examples)))
		}
	}
}

// At a mean of ½ the data are their own complement.
func TestBalanced(t *testing.T) {
	r := &RBMModes{V: 8, H: 2, Strengths: []float64{0.4, 0.2}, Mean: 0.5, Examples: 32}
	d := r.plant()
	for i, mean := range d.mean {
		if mean != 0.5 || d.variance[i] != 0.25 {
			t.Errorf("unit %d has mean %v, variance %v", i, mean, d.variance[i])
		}
	}
}
