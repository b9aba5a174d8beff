package launch

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ergon/configs"
)

// A task lasts as long as it is to, unless there are not that many cells, and not a whole
// cell longer; every cell is in one pack.
func TestPacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := configs.DefaultLaunch()
		l.TaskS = rapid.Float64Range(1e-3, 1e6).Draw(t, "task_s")
		l.CPUs = rapid.IntRange(1, 64).Draw(t, "cpus")
		l.Pack = rapid.SampledFrom([]int{0, 0, 0, 1, 7, 100_000}).Draw(t, "pack")
		cellS := rapid.OneOf(rapid.Float64Range(1e-9, 1e9), rapid.Just(0.0), rapid.Just(600.0)).Draw(t, "cell_s")
		cells := rapid.IntRange(1, 2000).Draw(t, "cells")
		n := packOf(l, cellS, cells)
		if n < 1 || n > cells {
			t.Fatalf("packs of %d", n)
		}
		lasts := func(n int) float64 { return float64(n) / float64(l.CPUs) * cellS }
		if l.Pack == 0 && n < cells && lasts(n) < l.TaskS*(1-1e-12) {
			t.Errorf("a task lasts %g s, want %g", lasts(n), l.TaskS)
		}
		if l.Pack == 0 && n > 1 && lasts(n-1) > l.TaskS*(1+1e-12) {
			t.Errorf("a task lasts %g s, and one cell less were enough", lasts(n))
		}
		if l.Pack > 0 && n != min(l.Pack, cells) {
			t.Errorf("packs of %d, want %d", n, l.Pack)
		}
		l.Pack = n
		s := launched("/out", "x", cells, l)
		sum := 0
		for i := range s.Packs() {
			if len(s.packed(i)) == 0 {
				t.Errorf("pack %d of %d is empty", i, s.Packs())
			}
			sum += len(s.packed(i))
		}
		if sum != cells {
			t.Errorf("packs have %d cells, want %d", sum, cells)
		}
	})
}

func TestRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := rapid.SliceOfNDistinct(rapid.IntRange(0, 60), 1, 40, rapid.ID[int]).Draw(t, "packs")
		slices.Sort(set)
		back, err := ParseRanges(Ranges(set).String(), 60)
		if err != nil || !slices.Equal(back, set) {
			t.Errorf("%v became %q, and that %v, %v", set, Ranges(set), back, err)
		}
	})
	if got := (Ranges{0, 1, 2, 5, 7, 8}).String(); got != "0-2,5,7-8" {
		t.Errorf("written as %s", got)
	}
	for _, text := range []string{"", ",", "1,", "-", "1-", "-1", "2-1", "1,1", "2,1", "0-3,3", "01", "0x1", "1.5", " 1", "1 2", "61", "0-61", "0-99999999999999999999", "a", "1-2-3"} {
		if r, err := ParseRanges(text, 60); err == nil {
			t.Errorf("%q is read as %v", text, r)
		}
	}
}
