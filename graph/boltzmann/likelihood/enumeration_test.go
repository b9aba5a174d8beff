package likelihood

import (
	"fmt"
	"math"
	"testing"

	"ergon/graph/boltzmann/unit"
)

// compare walks a chunk and compares each state with the definition; it returns the worst relative
// error.
func compare(t *testing.T, e *enumeration, chunk int) (worst float64) {
	t.Helper()
	fields, seen := make([]float64, len(e.field)), map[int]bool{}
	e.walk(chunk, func(state int, got float64) {
		if seen[state] || state>>e.low != chunk {
			t.Fatalf("state %b of chunk %d of %d units, %d of them low", state, chunk, len(e.bias), e.low)
		}
		seen[state] = true
		want := e.at(state, fields) + e.other.LogPartition(fields)
		worst = max(worst, math.Abs(got-want)/max(1, math.Abs(want)))
	})
	if len(seen) != 1<<e.low {
		t.Fatalf("%d states, want %d", len(seen), 1<<e.low)
	}
	return worst
}

// The product of 1 + e^x is the sum of ln(1 + e^x) to 10⁻¹² of it in every state of a chunk, be weights
// small, or so large that e^x would overflow, or be denormal; and whatever the number of
// units is that fills lanes and blocks.
func TestProductIsTheDefinition(t *testing.T) {
	for _, deviation := range []float32{0.01, 0.5, 3, 10, 40, 300} {
		for _, m := range []int{1, 8, 129, 300} {
			e := newEnumeration(random(m, 11, deviation, uint64(m)), true)
			for chunk := range e.chunks() {
				if worst := compare(t, e, chunk); !(worst <= 1e-12) {
					t.Errorf("%d units, weights %v, chunk %d: off by %.2g of it", m, deviation, chunk, worst)
				}
			}
		}
	}
}

// Units stay in the range of their product, and are told apart by it: biases of ±100 with small
// weights are multiplied, weights of 90 are not.
func TestRange(t *testing.T) {
	machine := random(9, 4, 0.1, 1)
	for i := range 3 {
		machine.Visible[i], machine.Visible[3+i] = -100, 100
		machine.W[(6+i)*4], machine.W[(6+i)*4+1] = 90, -90
	}
	e := newEnumeration(machine, true)
	p := newProduct(e.tables, append([]float64(nil), e.field...))
	if len(p.e) != 8 || p.e[6] != 0 || p.e[5] == 0 {
		t.Errorf("products hold %v, want six numbers and zeros", p.e)
	}
	if len(p.wide.fields) != 3 {
		t.Errorf("%d units are left to the definition, want 3", len(p.wide.fields))
	}
	near(t, "sum of the large fields", p.sum, 300, 1)
	if worst := compare(t, e, 0); !(worst <= 1e-14) {
		t.Errorf("off by %.2g", worst)
	}
}

// The walk of units of any kind is the definition too.
func TestAnyUnitsAreTheDefinition(t *testing.T) {
	for _, u := range []unit.Unit{gaussian{}, potts{}} {
		m := random(12, 11, 1, 2)
		m.VisibleUnits = u
		e := newEnumeration(m, true)
		if worst := compare(t, e, 1); !(worst <= 1e-12) {
			t.Errorf("%T: off by %.2g", u, worst)
		}
	}
}

// The quick rows of binary units have the Γ of the definition, and draw what it draws.
func TestBinaryRows(t *testing.T) {
	const n = 2500
	u, fields := newUnits(unit.Bernoulli{}, n), make([]float64, n)
	for _, scale := range []float64{0, 1e-9, 1, 30, 1e4} {
		for i := range fields {
			fields[i] = scale * stream("fields").Normal(0, uint64(i))
		}
		for _, k := range []int{0, 1, 999, 1000, 1001, n} {
			want := unit.Bernoulli{}.LogPartition(fields[:k])
			near(t, fmt.Sprintf("Γ of %d fields of %g", k, scale), u.LogPartition(fields[:k]), want, 1e-13*max(1, want))
		}
		words, got, want := make([]uint32, n), make([]float64, n), make([]float64, n)
		fill(words, stream("words"), 3, 8)
		for i := range words {
			if words[i] != stream("words").Uint32(3, uint64(8+i)) {
				t.Fatalf("word %d is not that of the stream", i)
			}
		}
		u.Sample(got, fields, words)
		unit.Bernoulli{}.Sample(want, fields, words)
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("draw %d under the field %v is %v, want %v", i, fields[i], got[i], want[i])
			}
		}
	}
}
