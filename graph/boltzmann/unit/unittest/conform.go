// Package unittest is the suite that every kind of unit passes: its numbers against those of
// its potential, by enumeration or integration of e^(xI - U(x)).
package unittest

import (
	"math"
	"testing"

	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
)

// Conform tests a kind.
func Conform(t *testing.T, u unit.Unit) {
	t.Helper()
	truth := newTruth(t, u)
	t.Run("partition", func(t *testing.T) { conformPartition(t, u, truth) })
	t.Run("rows", func(t *testing.T) { conformRows(t, u) })
	t.Run("quantiles", func(t *testing.T) { conformQuantiles(t, u, truth) })
	t.Run("moments", func(t *testing.T) { conformMoments(t, u, truth) })
	t.Run("extremes", func(t *testing.T) { conformExtremes(t, u) })
	t.Run("float32", func(t *testing.T) { conform32(t, u) })
	t.Run("range", func(t *testing.T) { conformRange(t, u) })
}

// What a unit is drawn as, and its means, are what data can be; where it is not any number, there
// are numbers that it cannot be, and they are found where they are.
func conformRange(t *testing.T, u unit.Unit) {
	bounded, ok := u.(unit.Bounded)
	if !ok {
		return
	}
	var fields []float64
	fieldsOf(u, func(f []float64) { fields = append(fields, f...) })
	x, words := make([]float64, len(fields)), make([]uint32, len(fields))
	philox.New(1, "rows").Words(0, 0, words)
	u.Sample(x, fields, words)
	u.Mean(fields, fields)
	for what, row := range map[string][]float32{"samples": narrow(x), "means": narrow(fields)} {
		if k := bounded.Outside(row); k >= 0 {
			t.Errorf("%s: number %d is %v, and a unit is %s", what, k, row[k], bounded.Range())
		}
		last := len(row) - u.States()
		for _, wrong := range []float32{-0.1, float32(math.NaN())} {
			spoilt := append([]float32(nil), row...)
			if spoilt[last] = wrong; bounded.Outside(spoilt) != last {
				t.Errorf("%s: %v is not found", what, wrong)
			}
		}
	}
}

func narrow(x []float64) (y []float32) {
	for _, v := range x {
		y = append(y, float32(v))
	}
	return y
}

// magnitudes are fields of one unit: none, small, and on both sides of where methods of
// computing change.
var magnitudes = []float64{0, 1e-9, 0.1, 1, 3, 5.99, 6.01, 8, 15, 29.9, 30.1, 50}

// fieldsOf returns the fields that one unit is tested with: all its numbers feel x, or, if it
// has many, as well -x, x/2 and so on.
func fieldsOf(u unit.Unit, visit func(fields []float64)) {
	for _, m := range magnitudes {
		for _, x := range []float64{m, -m} {
			fields := make([]float64, u.States())
			for k := range fields {
				fields[k] = x / float64(1+k) * float64(1-2*(k%2))
			}
			visit(fields)
		}
	}
}

// Γ and the means are those of e^(xI - U), and the means are the slope of Γ.
func conformPartition(t *testing.T, u unit.Unit, truth truth) {
	mean := make([]float64, u.States())
	for _, c := range truth.cases {
		if gamma := u.LogPartition(c.fields); !near(gamma, c.gamma, 1e-11*max(1, math.Abs(c.gamma))) {
			t.Errorf("Γ(%v) = %v, want %v", c.fields, gamma, c.gamma)
		}
		u.Mean(mean, c.fields)
		for k, m := range mean {
			if !near(m, c.mean[k], 1e-9*max(math.Abs(c.mean[k]), c.scale())) {
				t.Errorf("mean %d at %v = %v, want %v", k, c.fields, m, c.mean[k])
			}
			if slope := slope(u, c.fields, k); !near(m, slope, 1e-7*max(1, math.Abs(m))) {
				t.Errorf("mean %d at %v = %v, want the slope of Γ, %v", k, c.fields, m, slope)
			}
		}
	}
}

// slope returns ∂Γ/∂I of number k by differences of fourth order.
func slope(u unit.Unit, fields []float64, k int) float64 {
	const h = 2e-3
	at := func(steps float64) float64 {
		moved := append([]float64(nil), fields...)
		moved[k] += steps * h
		return u.LogPartition(moved)
	}
	return (8*(at(1)-at(-1)) - (at(2) - at(-2))) / (12 * h)
}

// A row is its units, one by one, and what is written may be the fields.
func conformRows(t *testing.T, u unit.Unit) {
	var fields []float64
	fieldsOf(u, func(f []float64) { fields = append(fields, f...) })
	x, mean, words := make([]float64, len(fields)), make([]float64, len(fields)), make([]uint32, len(fields))
	philox.New(1, "rows").Words(0, 0, words)
	u.Mean(mean, fields)
	u.Sample(x, fields, words)
	gamma, potential, q := 0.0, 0.0, u.States()
	for lo := 0; lo < len(fields); lo += q {
		one := append([]float64(nil), fields[lo:lo+q]...)
		gamma += u.LogPartition(one)
		u.Mean(one, one)
		equal(t, "mean", one, mean[lo:lo+q])
		copy(one, fields[lo:])
		u.Sample(one, one, words[lo:lo+q])
		equal(t, "sample", one, x[lo:lo+q])
		potential += u.Potential(one)
	}
	if got := u.LogPartition(fields); !near(got, gamma, 1e-12*math.Abs(gamma)) {
		t.Errorf("Γ of a row is %v, of its units %v", got, gamma)
	}
	if got := u.Potential(x); !near(got, potential, 1e-12*max(1, math.Abs(potential))) {
		t.Errorf("U of a row is %v, of its units %v", got, potential)
	}
}

// Fields and words at their ends give numbers.
func conformExtremes(t *testing.T, u unit.Unit) {
	for _, size := range []float64{50, -50, 1e4, -1e4} {
		fields, x, words := make([]float64, u.States()), make([]float64, u.States()), make([]uint32, u.States())
		fields[0] = size
		u.Mean(x, fields)
		if gamma := u.LogPartition(fields); !finite(gamma) || !finite(x...) {
			t.Errorf("at %v: Γ = %v, mean %v", size, gamma, x)
		}
		for _, words[0] = range []uint32{0, 1, 1<<31 - 1, 1 << 31, math.MaxUint32 - 1, math.MaxUint32} {
			u.Sample(x, fields, words)
			if potential := u.Potential(x); !finite(x...) || !finite(potential) {
				t.Errorf("at %v, word %d: x = %v, U = %v", size, words[0], x, potential)
			}
		}
	}
	fields := make([]float64, u.States())
	fields[0] = math.NaN()
	gamma := u.LogPartition(fields)
	if u.Mean(fields, fields); finite(gamma) || finite(fields...) {
		t.Errorf("a field that is no number: Γ = %v, mean %v, want that it shows", gamma, fields)
	}
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func finite(x ...float64) bool {
	for _, v := range x {
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return false
		}
	}
	return true
}

func equal(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i, v := range want {
		if got[i] != v {
			t.Errorf("%s: number %d is %v alone and in place, %v in a row", what, i, got[i], v)
		}
	}
}
