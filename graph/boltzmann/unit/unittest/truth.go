package unittest

import (
	"fmt"
	"math"
	"testing"

	"ergon/graph/boltzmann/unit"
)

// truth has the states of a unit of few states, and none of one whose x is any number.
type truth struct {
	u      unit.Unit
	states [][]float64
	cases  []fieldCase
}

// fieldCase is what is true of a unit that feels some fields.
type fieldCase struct {
	fields []float64
	moments
}

// moments are Γ, and the mean, variance and fourth central moment of each number of a unit.
type moments struct {
	gamma                float64
	mean, second, fourth []float64
}

// scale is the deviation of the first number: what an error of a mean near zero is small
// against.
func (m moments) scale() float64 { return math.Sqrt(m.second[0]) }

// newTruth finds the states by draws at a field of zero, where all are likely.
func newTruth(t *testing.T, u unit.Unit) truth {
	const draws, most = 4096, 256
	states, seen := [][]float64(nil), map[string]bool{}
	fields, words := make([]float64, u.States()), make([]uint32, u.States())
	for i := range uint32(draws) {
		x := make([]float64, u.States())
		words[0] = i<<20 + 1<<19
		if u.Sample(x, fields, words); !seen[fmt.Sprint(x)] {
			seen[fmt.Sprint(x)], states = true, append(states, x)
		}
	}
	r := truth{u: u, states: states}
	if len(states) > most {
		if r.states = nil; u.States() > 1 {
			t.Fatalf("a unit of %d numbers with more than %d states: the suite cannot integrate over several", u.States(), most)
		}
	}
	fieldsOf(u, func(fields []float64) { r.cases = append(r.cases, fieldCase{fields, r.moments(fields)}) })
	return r
}

// moments returns those of a unit with some fields.
func (r truth) moments(fields []float64) moments {
	var x [][]float64
	var logs []float64 // ln of the weight of a state, or of a stretch of x
	if r.states == nil {
		line(func(v, width float64) {
			x = append(x, []float64{v})
			logs = append(logs, math.Log(width)+r.exponent(x[len(x)-1], fields))
		})
	} else {
		for _, s := range r.states {
			x, logs = append(x, s), append(logs, r.exponent(s, fields))
		}
	}
	n := len(fields)
	m := moments{logSum(logs), make([]float64, n), make([]float64, n), make([]float64, n)}
	each := func(visit func(p float64, x []float64)) {
		for i, l := range logs {
			visit(math.Exp(l-m.gamma), x[i])
		}
	}
	each(func(p float64, x []float64) {
		for k, v := range x {
			m.mean[k] += p * v
		}
	})
	each(func(p float64, x []float64) {
		for k, v := range x {
			square := (v - m.mean[k]) * (v - m.mean[k])
			m.second[k] += p * square
			m.fourth[k] += p * square * square
		}
	})
	return m
}

// exponent returns xI - U(x).
func (r truth) exponent(x, fields []float64) float64 {
	sum := -r.u.Potential(x)
	for k, v := range x {
		sum += v * fields[k]
	}
	return sum
}

// beyond returns the probability of an x further from zero than at, on its side, of a unit
// of any number, with its Γ.
func (r truth) beyond(at, field, gamma float64) (p float64) {
	outwards(at, math.Copysign(1, at), func(v, width float64) {
		p += width * math.Exp(r.exponent([]float64{v}, []float64{field})-gamma)
	})
	return p
}

// line visits points of the real line with the widths that an integral over it is the sum
// of.
func line(visit func(x, width float64)) {
	outwards(0, 1, visit)
	outwards(0, -1, visit)
}

// outwards visits points from one to infinity, on the side of sign: x = from ± e^(π/2 sinh t)
// for even steps of t, the double exponential rule of Takahasi and Mori (1974). A potential
// may have a kink at zero, and none else.
func outwards(from, sign float64, visit func(x, width float64)) {
	const step, end = 1.0 / 512, 4
	for i := -end / step; i <= end/step; i++ {
		t := float64(i) * step
		distance := math.Exp(math.Pi / 2 * math.Sinh(t))
		visit(from+sign*distance, distance*math.Pi/2*math.Cosh(t)*step)
	}
}

// logSum returns ln Σ e^logs.
func logSum(logs []float64) float64 {
	largest, sum := math.Inf(-1), 0.0
	for _, l := range logs {
		largest = max(largest, l)
	}
	for _, l := range logs {
		sum += math.Exp(l - largest)
	}
	return largest + math.Log(sum)
}
