package simd

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// Learning a block is learning each of its weights whose gradient is not zero, at
// every level, and touches nothing beside it.
func TestApplyBlock(t *testing.T) {
	for _, l := range levels() {
		for _, wild := range []bool{false, true} {
			for rows := range 5 {
				for columns := range 70 {
					checkBlock(t, l, uint64(columns), rows, columns, 3, wild, true, -0.3, 0.05)
					checkBlock(t, l, uint64(columns), rows, columns, 3, false, true, -0.3, 0)
					checkBlock(t, l, uint64(columns), rows, columns, 3, wild, false, -0.3, float32(math.Inf(1)))
				}
			}
			checkBlock(t, l, 1, 40, 128, 0, wild, true, -0.3, float32(math.Inf(1)))
		}
	}
}

func checkBlock(t *testing.T, l Level, seed uint64, rows, columns, gap int, wild, counted bool, minus, bound float32) {
	t.Helper()
	name := fmt.Sprintf("%s, %d×%d, gap %d, wild %t", l, rows, columns, gap, wild)
	wStride, gStride := columns+gap, columns+2*gap
	w, g := numbers(seed, rows*wStride+1, wild), numbers(seed+1, rows*gStride+1, wild)
	for i := range g {
		g[i] *= float32(math.Ldexp(1, 7*i%61-30))
		if i/max(gStride, 1)%3 == 1 || i%5 == 0 { // whole rows, and some
			g[i] = 0
		}
	}
	want := append([]float32(nil), w...)
	writes, wantWrites := make([]uint8, len(w)), make([]uint8, len(w))
	for i := range writes {
		writes[i], wantWrites[i] = uint8(i), uint8(i)
	}
	var sums, wantSums BlockSums
	var m0, stored, wantM0, wantStored int
	for r := range rows {
		for c := range columns {
			if d := g[r*gStride+c]; d != 0 {
				free := float32(minus * d)
				changed, moved := ApplyOne(&want[r*wStride+c], free, free, 1, bound, &wantSums.M1[c%BlockLanes], &wantSums.Work[c%Lanes])
				wantM0 += changed
				wantWrites[r*wStride+c] += uint8(changed)
				wantStored += moved
			}
		}
	}
	at(l, func() {
		b := Block{w, g, wStride, gStride, rows, columns, writes}
		if !counted {
			b.Writes, wantWrites = nil, slices.Clone(writes)
		}
		m0, stored = ApplyBlock(b, minus, bound, &sums)
	})
	if !sameBits(w, want) {
		t.Errorf("%s: weights differ", name)
	}
	if !slices.Equal(writes, wantWrites) {
		t.Errorf("%s: written %v times, want %v", name, writes, wantWrites)
	}
	if m0 != wantM0 || stored != wantStored || !same64(sums.M1[:], wantSums.M1[:]) || !same64(sums.Work[:], wantSums.Work[:]) {
		t.Errorf("%s: counted %d, %d, %v, want %d, %d, %v", name, m0, stored, sums, wantM0, wantStored, wantSums)
	}
}

func FuzzApplyBlock(f *testing.F) {
	f.Add(uint64(1), uint8(9), uint8(33), uint8(2), true, float32(-0.1), float32(0.01))
	f.Fuzz(func(t *testing.T, seed uint64, rows, columns, gap uint8, wild bool, minus, bound float32) {
		if bound != bound || bound < 0 || minus != minus {
			t.Skip("no rate or bound")
		}
		for _, l := range levels() {
			checkBlock(t, l, seed, int(rows%50), int(columns), int(gap%9), wild, gap&1 != 0, minus, bound)
		}
	})
}
