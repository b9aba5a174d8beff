package likelihood

import (
	"context"
	"math"
	"slices"
	"testing"
)

// Samples have the frequencies of p(v): χ² over all states, within 5 deviations √2k of its mean k, on
// machines of which the one side is enumerated, and of which the other is.
func TestSample(t *testing.T) {
	const n = 20_000
	for _, hidden := range []int{4, 9} {
		m := random(6, hidden, 1, 11)
		counts, rows, z := make([]float64, 1<<6), samples(t, m, n, 1), lnZ(t, m)
		for k := range n {
			counts[number(rows[6*k:6*k+6])]++
		}
		chi2 := 0.0
		for x, c := range counts {
			expected := n * math.Exp(-m.FreeEnergy(digits(x, 6))-z)
			chi2 += (c - expected) * (c - expected) / expected
		}
		if freedom := 63.0; math.Abs(chi2-freedom) > 5*math.Sqrt(2*freedom) {
			t.Errorf("%d hidden units: χ² = %.1f of 63 degrees of freedom", hidden, chi2)
		}
	}
}

// number is the state whose bits these are.
func number(v []float32) (x int) {
	for i, b := range v {
		x |= int(b) << i
	}
	return x
}

// Means of samples from many chunks of states, and of units with a density, are those that follow from
// the slope of ln Z in a bias: ∂ ln Z/∂a = ⟨v⟩.
func TestSampleOfChunks(t *testing.T) {
	const n, step = 4000, 1e-2
	for _, gauss := range []bool{false, true} {
		m := random(15, 13, 0.5, 12)
		if gauss {
			m.VisibleUnits = gaussian{}
		}
		rows := samples(t, m, n, 2)
		for i := range 3 {
			sum, square := 0.0, 0.0
			for k := range n {
				x := float64(rows[15*k+i])
				sum, square = sum+x, square+x*x
			}
			mean := sum / n
			was := m.Visible[i]
			m.Visible[i] = was + step
			slope := lnZ(t, m)
			m.Visible[i] = was - step
			slope = (slope - lnZ(t, m)) / (2 * step)
			m.Visible[i] = was
			near(t, "mean of a visible unit", mean, slope, 5*math.Sqrt((square/n-mean*mean)/n)+1e-3)
		}
	}
}

// A row does not depend on how many are asked for.
func TestSamplesAreTheirNumber(t *testing.T) {
	m := random(14, 12, 0.5, 13)
	if many, few := samples(t, m, 30, 3), samples(t, m, 7, 3); !slices.Equal(many[:7*14], few) {
		t.Error("the first seven of thirty rows are not seven rows")
	}
	_, err := new(Exact).Sample(context.Background(), m, 0, stream(""))
	refused(t, err, "0 samples")
}
