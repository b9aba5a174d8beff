package unittest

import (
	"math"
	"testing"

	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
)

// A unit of any x has the quantiles of its distribution; one of few states has them as often
// as it should.
func conformQuantiles(t *testing.T, u unit.Unit, truth truth) {
	for _, c := range truth.cases {
		if truth.states == nil {
			quantiles(t, u, truth, c)
		} else {
			chiSquare(t, u, truth, c)
		}
	}
}

// quantiles compares the probability beyond a draw, away from zero, with that of its word.
func quantiles(t *testing.T, u unit.Unit, truth truth, c fieldCase) {
	t.Helper()
	x := []float64{0}
	for _, w := range []uint32{0, 9, 1 << 12, 1 << 24, 1 << 29, 1 << 30, 1<<31 - 1, 1 << 31, 3 << 30, 15 << 28, 0xfff << 20, math.MaxUint32} {
		u.Sample(x, c.fields, []uint32{w})
		want := (float64(w) + 0.5) * 0x1p-32
		if x[0] >= 0 {
			want = 1 - want
		}
		if p := truth.beyond(x[0], c.fields[0], c.gamma); !near(p, want, 1e-11+1e-6*min(want, 1-want)) {
			t.Errorf("at %v, word %d: x = %v, beyond which is %v of the probability, want %v", c.fields[0], w, x[0], p, want)
		}
	}
}

// draws are how many numbers a field is tested with.
const draws = 10_000

// drawn returns draws of a unit, one after the other.
func drawn(u unit.Unit, fields []float64) []float64 {
	row, words := make([]float64, 0, draws*u.States()), make([]uint32, draws*u.States())
	for range draws {
		row = append(row, fields...)
	}
	philox.New(3, "draws").Words(5, 0, words)
	u.Sample(row, row, words)
	return row
}

// chiSquare compares how often states occur with their probabilities. The bound is the point
// of a normal distribution at 5 standard deviations, by the transformation of Wilson and
// Hilferty (1931).
func chiSquare(t *testing.T, u unit.Unit, truth truth, c fieldCase) {
	t.Helper()
	row, q := drawn(u, c.fields), u.States()
	counts, others := make([]float64, len(truth.states)), 0
	for lo := 0; lo < len(row); lo += q {
		k := index(truth.states, row[lo:lo+q])
		if k < 0 {
			others++
		} else {
			counts[k]++
		}
	}
	if others > 0 {
		t.Errorf("at %v: %d draws are no states that occur at zero field", c.fields, others)
	}
	chi2, freedom, rest, restCount := 0.0, -1.0, 0.0, 0.0
	for k, s := range truth.states {
		expected := draws * math.Exp(truth.exponent(s, c.fields)-c.gamma)
		if expected < 10 { // too few: they count together
			rest, restCount = rest+expected, restCount+counts[k]
			continue
		}
		chi2 += (counts[k] - expected) * (counts[k] - expected) / expected
		freedom++
	}
	if restCount > rest+5*math.Sqrt(rest)+5 {
		t.Errorf("at %v: rare states occur %v times, want %.2f", c.fields, restCount, rest)
	}
	if freedom < 1 {
		return
	}
	spread := 2 / (9 * freedom)
	if bound := freedom * math.Pow(1-spread+5*math.Sqrt(spread), 3); chi2 > bound {
		t.Errorf("at %v: χ² = %.1f of %v degrees of freedom, want below %.1f", c.fields, chi2, freedom, bound)
	}
}

// index returns which of the states x is, or -1.
func index(states [][]float64, x []float64) int {
next:
	for k, s := range states {
		for i, v := range s {
			if x[i] != v {
				continue next
			}
		}
		return k
	}
	return -1
}

// Mean and variance of draws are those of the distribution, to 5 standard errors and, of
// what occurs hardly ever, to a few events.
func conformMoments(t *testing.T, u unit.Unit, truth truth) {
	for _, c := range truth.cases {
		row, q := drawn(u, c.fields), u.States()
		for k := range q {
			var mean, second float64
			for lo := k; lo < len(row); lo += q {
				mean += row[lo] / draws
			}
			for lo := k; lo < len(row); lo += q {
				second += (row[lo] - mean) * (row[lo] - mean) / draws
			}
			variance := c.second[k]
			// The second term is Bernstein's, of a few events that are rare and large.
			large, few := c.fourth[k]/max(variance, 1e-300), 25.0/6/draws
			if bound := 5*math.Sqrt(variance/draws) + few*math.Sqrt(large); !near(mean, c.mean[k], bound) {
				t.Errorf("number %d at %v: mean of draws %v, want %v ± %v", k, c.fields, mean, c.mean[k], bound)
			}
			if bound := 5*math.Sqrt(max(0, c.fourth[k]-variance*variance)/draws) + few*large; !near(second, variance, bound) {
				t.Errorf("number %d at %v: variance of draws %v, want %v ± %v", k, c.fields, second, variance, bound)
			}
		}
	}
}
