package simd

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// Consolidating is the same at every level, for rows of every length, however many synapses reach a
// threshold, and touches nothing beside them.
func TestConsolidate(t *testing.T) {
	for _, l := range levels() {
		for columns := range 70 {
			for rows := range 4 {
				for _, quantum := range []float64{0, 0.02} {
					for _, decay := range []float32{0, 0.001, 1} {
						seed := uint64(columns)
						checkConsolidate(t, l, seed, rows, columns, columns%3, false, quantum, decay)
						checkConsolidate(t, l, seed, rows, columns, columns%3, true, quantum, decay)
					}
				}
			}
		}
	}
}

// transients are weights that are near their permanent parts, some of them equal, some far.
func transients(seed uint64, n int, wild bool) (w, l []float32) {
	l, s := numbers(seed, n, wild), numbers(seed+1, n, wild)
	w = slices.Clone(l)
	for i := range w {
		l[i] = float32(math.Mod(float64(l[i]), 1))
		switch w[i] = l[i] + float32(math.Mod(float64(s[i]), 0.05)); i % 7 {
		case 1:
			w[i] = l[i]
		case 2:
			w[i] = s[i]
		}
	}
	return w, l
}

func checkConsolidate(t *testing.T, l Level, seed uint64, rows, columns, gap int, wild bool, quantum float64, decay float32) {
	t.Helper()
	name := fmt.Sprintf("%s, %d×%d, gap %d, wild %t, quantum %v, decay %v", l, rows, columns, gap, wild, quantum, decay)
	stride := columns + gap
	threshold := make([]float32, columns)
	for c := range threshold {
		threshold[c] = []float32{0.02, 0.03, 0, float32(math.Inf(1)), 0.02, 1e-30}[(c/3+int(seed%5))%6]
	}
	if seed%4 == 1 { // nearly nothing is reached
		for c := range threshold {
			threshold[c] = 0.0499
		}
	}
	type result struct {
		w, l   []float32
		writes []uint32
		counts Consolidated
	}
	compute := func() (r result) {
		r.w, r.l = transients(seed, rows*stride+5, wild)
		if seed%2 == 0 {
			r.writes = make([]uint32, len(r.w))
		}
		Consolidate(Transients{r.w, r.l, r.writes, stride, rows, columns}, threshold, quantum, decay, &r.counts)
		return r
	}
	var want, got result
	at(Portable, func() { want = compute() })
	at(l, func() { got = compute() })
	if !sameBits(got.w, want.w) || !sameBits(got.l, want.l) || !slices.Equal(got.writes, want.writes) {
		t.Fatalf("%s: w, l, writes\n%v\n%v\n%v, want\n%v\n%v\n%v", name, got.w, got.l, got.writes, want.w, want.l, want.writes)
	}
	if got.counts.M0 != want.counts.M0 || got.counts.Left != want.counts.Left || !same64(got.counts.M1[:], want.counts.M1[:]) || !same64(got.counts.Transient[:], want.counts.Transient[:]) {
		t.Fatalf("%s: counted %v, want %v", name, got.counts, want.counts)
	}
	written := 0
	for _, n := range got.writes {
		written += int(n)
	}
	if got.writes != nil && written != got.counts.M0 {
		t.Fatalf("%s: %d writes are counted of single synapses, %d of all", name, written, got.counts.M0)
	}
}

// Sums and maxima of columns are the same at every level, for rows of every length, and touch nothing beside them.
func TestTransientsOfColumns(t *testing.T) {
	for _, l := range levels() {
		for columns := range 70 {
			for rows := range 4 {
				checkColumns(t, l, uint64(columns), rows, columns, columns%3, false)
				checkColumns(t, l, uint64(columns), rows, columns, columns%3, true)
			}
		}
	}
}

func checkColumns(t *testing.T, l Level, seed uint64, rows, columns, gap int, wild bool) {
	t.Helper()
	stride := columns + gap
	w, permanent := transients(seed, rows*stride, wild)
	compute := func() (sums []float64, largest []float32) {
		sums, largest = make([]float64, columns+3), make([]float32, columns+3)
		block := Transients{W: w, L: permanent, Stride: stride, Rows: rows, Columns: columns}
		AddTransients(sums, block)
		MaxTransients(largest, block)
		return sums, largest
	}
	var wantSums, sums []float64
	var wantLargest, largest []float32
	at(Portable, func() { wantSums, wantLargest = compute() })
	at(l, func() { sums, largest = compute() })
	if !same64(sums, wantSums) || !sameBits(largest, wantLargest) {
		t.Fatalf("%s, %d×%d, gap %d: sums %v, maxima %v, want %v, %v", l, rows, columns, gap, sums, largest, wantSums, wantLargest)
	}
}

func FuzzConsolidate(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(33), uint8(2), true, 0.01, float32(0.01))
	f.Add(uint64(2), uint8(1), uint8(255), uint8(0), false, 0.0, float32(0))
	f.Fuzz(func(t *testing.T, seed uint64, rows, columns, gap uint8, wild bool, quantum float64, decay float32) {
		if !(quantum >= 0) || !(decay >= 0 && decay <= 1) {
			t.Skip("no step or decay")
		}
		for _, l := range levels() {
			checkConsolidate(t, l, seed, int(rows%9), int(columns), int(gap%9), wild, quantum, decay)
			checkColumns(t, l, seed, int(rows%9), int(columns), int(gap%9), wild)
		}
	})
}

func BenchmarkConsolidate(b *testing.B) {
	const n = 4096
	threshold := make([]float32, n)
	for i := range threshold {
		threshold[i] = 0.02
	}
	for _, l := range levels() {
		b.Run(string(l), func(b *testing.B) {
			at(l, func() {
				w, permanent := numbers(1, n, false), make([]float32, n)
				for i := range w {
					w[i] = float32(math.Mod(float64(w[i]), 0.01))
				}
				t := Transients{W: w, L: permanent, Stride: n, Rows: 1, Columns: n}
				var counts Consolidated
				b.SetBytes(12 * n)
				for b.Loop() {
					Consolidate(t, threshold, 0, 1e-9, &counts)
				}
			})
		})
	}
}
