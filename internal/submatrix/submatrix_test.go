package submatrix

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawSome draws some of n numbers, ascending; nil is all.
func drawSome(t *rapid.T, name string, n int) []int32 {
	if rapid.Bool().Draw(t, "all "+name) {
		return nil
	}
	some := []int32{}
	for i := range n {
		if rapid.Bool().Draw(t, name) {
			some = append(some, int32(i))
		}
	}
	return some
}

// Every method agrees with a list of the submatrix's entries.
func TestSubmatrix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, out := rapid.IntRange(1, 9).Draw(t, "in"), rapid.IntRange(1, 9).Draw(t, "out")
		m := Submatrix{Rows: drawSome(t, "rows", in), Columns: drawSome(t, "columns", out)}
		var entries []int32
		for i := range int32(in * out) {
			row, column := i/int32(out), i%int32(out)
			if (m.Rows == nil || slices.Contains(m.Rows, row)) && (m.Columns == nil || slices.Contains(m.Columns, column)) {
				entries = append(entries, i)
			}
		}
		if rows, columns := m.Size(in, out); rows*columns != len(entries) {
			t.Fatalf("size %d×%d, and there are %d entries", rows, columns, len(entries))
		}
		lo := rapid.IntRange(0, in*out-1).Draw(t, "lo")
		hi := rapid.IntRange(lo+1, in*out).Draw(t, "hi")
		if got, want := m.Select(out, lo, hi, nil), Within(entries, lo, hi); !slices.Equal(got, want) {
			t.Fatalf("[%d,%d): selected %v, want %v", lo, hi, got, want)
		}
		if got, want := m.Before(in, out, lo), len(Within(entries, 0, lo)); got != want {
			t.Fatalf("%d entries before %d, want %d", got, lo, want)
		}
		var rows, want []int
		m.EachRow(out, lo, hi, func(row int) { rows = append(rows, row) })
		for row := lo / out; row*out < hi; row++ {
			if m.Rows == nil || slices.Contains(m.Rows, int32(row)) {
				want = append(want, row)
			}
		}
		if !slices.Equal(rows, want) {
			t.Fatalf("[%d,%d): rows %v, want %v", lo, hi, rows, want)
		}
	})
}

// A nil set is all, and an empty set is none.
func TestAll(t *testing.T) {
	if m := (Submatrix{}); !m.All() || !slices.Equal(m.Select(2, 1, 4, nil), Range(1, 4, nil)) {
		t.Error("no sets of units leave something out")
	}
	if m := (Submatrix{Rows: []int32{}}); m.All() || len(m.Select(2, 0, 4, nil)) > 0 {
		t.Error("an empty set of rows has entries")
	}
}

func TestWithin(t *testing.T) {
	numbers := []int32{1, 3, 4, 8}
	for _, c := range []struct {
		lo, hi int
		want   []int32
	}{{0, 9, numbers}, {0, 8, numbers[:3]}, {2, 4, numbers[1:2]}, {4, 5, numbers[2:3]}, {9, 12, nil}, {5, 8, nil}} {
		if got := Within(numbers, c.lo, c.hi); !slices.Equal(got, c.want) {
			t.Errorf("[%d,%d): %v, want %v", c.lo, c.hi, got, c.want)
		}
	}
}
