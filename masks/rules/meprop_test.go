package rules

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/internal/philox"
	"ergon/internal/race"
)

// Exactly the k largest errors are left, the first of equal ones, as found by sorting.
func TestMePropKeepsTheLargest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		batch, units := rapid.IntRange(1, 5).Draw(t, "batch"), rapid.IntRange(1, 300).Draw(t, "units")
		m := &MeProp{rapid.IntRange(1, 310).Draw(t, "k"), rapid.Bool().Draw(t, "unified")}
		levels := rapid.SampledFrom([]float64{1, 4, 1e9}).Draw(t, "levels") // many ties, some, none
		errors := make([]float32, batch*units)
		s := philox.New(rapid.Uint64().Draw(t, "seed"), "errors")
		for i := range errors {
			errors[i] = float32(math.Round(levels*s.Normal(0, uint64(i))) / levels)
		}
		want := slices.Clone(errors)
		together := units
		if m.Unified {
			together = len(want)
		}
		for rows := range slices.Chunk(want, together) {
			deleteSmall(rows, units, m.K)
		}
		m.Filter(errors, units)
		if !slices.Equal(errors, want) {
			t.Fatalf("%+v, %d units: got %v, want %v", m, units, errors, want)
		}
	})
}

// deleteSmall is the definition of meProp for errors [B,units] that are filtered together.
func deleteSmall(errors []float32, units, k int) {
	size := func(u int) (sum float64) {
		for i := u; i < len(errors); i += units {
			sum += math.Abs(float64(errors[i]))
		}
		return sum
	}
	order := make([]int, units)
	for u := range order {
		order[u] = u
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(float32(size(b)), float32(size(a))) })
	for _, u := range order[min(k, units):] {
		for i := u; i < len(errors); i += units {
			errors[i] = 0
		}
	}
}

func TestMePropAllocatesNothing(t *testing.T) {
	errors := make([]float32, 100*500)
	for _, m := range []*MeProp{{80, false}, {80, true}} {
		n := testing.AllocsPerRun(20, func() {
			for i := range errors {
				errors[i] = float32(i*7919%1009) - 500
			}
			m.Filter(errors, 500)
		})
		if n >= 1 && !race.Enabled {
			t.Errorf("%+v: %v allocations a call", m, n)
		}
	}
}

func BenchmarkMeProp(b *testing.B) {
	full, errors := make([]float32, 100*500), make([]float32, 100*500)
	s := philox.New(1, "errors")
	for i := range full {
		full[i] = float32(s.Normal(0, uint64(i)))
	}
	for name, m := range map[string]*MeProp{"example": {80, false}, "unified": {80, true}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				copy(errors, full)
				m.Filter(errors, 500)
			}
		})
	}
}
