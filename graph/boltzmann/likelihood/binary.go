package likelihood

import (
	"math"

	"ergon/graph/boltzmann/unit"
	"ergon/internal/simd"
)

// units are a unit.Unit whose rows are quick where they are binary, with a scratch row of
// their own, so that they serve one goroutine.
type units struct {
	unit.Unit
	binary bool
	e      []float64 // [row]
}

// newUnits returns the units of rows of so many numbers.
func newUnits(u unit.Unit, row int) *units { return &units{u, binary(u), make([]float64, row)} }

// LogPartition implements unit.Unit. Of binary units it is
//
//	Σ ln(1 + e^x) = Σ max(x, 0) + ln Π (1 + e^-|x|),
//
// with one logarithm for a thousand units; it differs from the definition by roundings of numbers
// near 1, some 10⁻¹⁶ for each unit.
func (u *units) LogPartition(fields []float64) (sum float64) {
	if !u.binary {
		return u.Unit.LogPartition(fields)
	}
	e := u.e[:len(fields)]
	for i, x := range fields {
		sum += max(x, 0)
		e[i] = -math.Abs(x)
	}
	simd.Exp(e)
	for len(e) > 0 {
		n := min(1000, len(e)) // factors of at most 2
		product := 1.0
		for _, x := range e[:n] {
			product *= 1 + x
		}
		sum += math.Log(product)
		e = e[n:]
	}
	return sum
}

// Sample implements unit.Unit. Of binary units it compares u(1 + e^-x) with 1, not u with
// 1/(1 + e^-x): rounding decides otherwise once in 10¹⁵ draws or so.
func (u *units) Sample(x, fields []float64, words []uint32) {
	if !u.binary {
		u.Unit.Sample(x, fields, words)
		return
	}
	e := u.e[:len(fields)]
	for i, f := range fields {
		e[i] = -f
	}
	simd.Exp(e)
	for i, e := range e {
		x[i] = 0
		if (float64(words[i])+0.5)*0x1p-32*(1+e) < 1 {
			x[i] = 1
		}
	}
}
