package unittest

import (
	"fmt"
	"math"
	"testing"

	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
	"ergon/internal/race"
)

// Rows of float32 are those of the definition, for every length and wherever words begin, in
// place or not, and cost no memory.
func conform32(t *testing.T, u unit.Unit) {
	for units := range 71 {
		check32(t, u, fields32(u, uint64(units), units), uint64(units))
	}
	check32(t, u, fields32(u, 1, 20_000), 1<<34-10_000) // counters of blocks outgrow 32 bits
	notNumbers32(t, u)
	parts32(t, u)
	allocations32(t, u)
}

// fields32 returns fields of so many units: normal, and many at the ends of what float32
// functions can do.
func fields32(u unit.Unit, seed uint64, units int) []float32 {
	s, fields := philox.New(seed, "fields"), make([]float32, units*u.States())
	special := []float32{0, float32(math.Copysign(0, -1)), 1e-30, -1e-30, 1e-8, -1e-8, 17, -17, 22, -22, 88, -88, 104, -104, 1e4, -1e4}
	for i := range fields {
		fields[i] = float32(4 * s.Normal(0, uint64(i)))
		if pick := s.Intn(1, uint64(i), 4*len(special)); pick < len(special) {
			fields[i] = special[pick]
		}
	}
	return fields
}

// check32 compares a row with the definition. Where words decide between states, one in a
// million may be too near to where they change.
func check32(t *testing.T, u unit.Unit, fields []float32, first uint64) {
	t.Helper()
	n := len(fields)
	wide, mean, x, words := make([]float64, n), make([]float64, n), make([]float64, n), make([]uint32, n)
	for i, f := range fields {
		wide[i] = float64(f)
	}
	stream := philox.New(8, "float32")
	stream.Words(3, first, words)
	u.Mean(mean, wide)
	u.Sample(x, wide, words)

	terms := 0.0
	for lo := 0; lo < n; lo += u.States() {
		terms += max(1, math.Abs(u.LogPartition(wide[lo:lo+u.States()])))
	}
	if got, want := unit.LogPartition32(u, fields), u.LogPartition(wide); !near(got, want, 1e-7*terms) {
		t.Fatalf("Γ(%v) = %v, want %v", fields, got, want)
	}
	got, drawn := append([]float32(nil), fields...), append([]float32(nil), fields...)
	unit.Mean32(u, got, got)
	unit.Sample32(u, drawn, drawn, stream, 3, first)
	others := 0
	for i := range fields {
		if !near(float64(got[i]), mean[i], 3e-7*math.Abs(mean[i])+1.5e-45) {
			t.Fatalf("mean at %v = %v, want %v", fields[i], got[i], mean[i])
		}
		if !near(float64(drawn[i]), x[i], 3e-7*max(1, math.Abs(x[i]))) {
			others++
		}
	}
	if others > n/500_000 {
		t.Fatalf("%d of %d draws from word %d on differ", others, n, first)
	}
	if got, want := unit.Potential32(u, drawn), u.Potential(x); !near(got, want, 1e-5*max(1, math.Abs(want))) {
		t.Fatalf("U of draws = %v, want %v", got, want)
	}
	out := make([]float32, n)
	unit.Mean32(u, out, fields)
	same(t, "means", out, got)
	unit.Sample32(u, out, fields, stream, 3, first)
	same(t, "draws", out, drawn)
}

func same(t *testing.T, what string, a, b []float32) {
	t.Helper()
	for i := range a {
		if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
			t.Fatalf("%s: number %d is %v, elsewhere %v", what, i, a[i], b[i])
		}
	}
}

// A field that is no number shows.
func notNumbers32(t *testing.T, u unit.Unit) {
	fields := fields32(u, 3, 40)
	at := 7 * u.States()
	fields[at] = float32(math.NaN())
	if gamma := unit.LogPartition32(u, fields); finite(gamma) {
		t.Errorf("a field that is no number: Γ = %v, want that it shows", gamma)
	}
	if unit.Mean32(u, fields, fields); fields[at] == fields[at] {
		t.Errorf("a field that is no number: mean %v, want that it shows", fields[at])
	}
}

// Draws depend on their index only: a matrix is its rows.
func parts32(t *testing.T, u unit.Unit) {
	stream, fields := philox.New(2, "parts"), fields32(u, 5, 300)
	whole, parts := make([]float32, len(fields)), make([]float32, len(fields))
	unit.Sample32(u, whole, fields, stream, 9, 0)
	for _, units := range []int{1, 2, 3, 10, 100} {
		n := units * u.States()
		for lo := 0; lo < len(fields); lo += n {
			hi := min(lo+n, len(fields))
			unit.Sample32(u, parts[lo:hi], fields[lo:hi], stream, 9, uint64(lo))
		}
		same(t, fmt.Sprint("draws in rows of ", n), parts, whole)
	}
}

func allocations32(t *testing.T, u unit.Unit) {
	if race.Enabled {
		return
	}
	stream, fields := philox.New(2, "allocations"), fields32(u, 6, 100)
	x := make([]float32, len(fields))
	if n := testing.AllocsPerRun(100, func() {
		unit.Mean32(u, x, fields)
		unit.Sample32(u, x, fields, stream, 1, 1)
		unit.Potential32(u, x)
		unit.LogPartition32(u, fields)
	}); n >= 1 {
		t.Errorf("%v allocations a row, want none", n)
	}
}
