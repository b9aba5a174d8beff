package convolve

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Errors that are gathered are those that are spread, on all levels: strides, also beyond
// the side of the kernel, padding, and pixels that no kernel sees.
func TestTransposed(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, g := range []Geometry{
		{Height: 5, Width: 4, Depth: 1, Side: 3},
		{Height: 6, Width: 7, Depth: 8, Side: 3, Padding: 1},
		{Height: 7, Width: 14, Depth: 16, Side: 3, Padding: 1, Stride: 2},
		{Height: 8, Width: 9, Depth: 5, Side: 2, Stride: 3},
		{Height: 9, Width: 6, Depth: 3, Side: 4, Padding: 3, Stride: 2},
		{Height: 12, Width: 11, Depth: 2, Side: 5, Padding: 2, Stride: 3},
		{Height: 4, Width: 5, Depth: 7, Side: 1, Stride: 2},
	} {
		g.Planes = 1
		for _, channels := range []int{1, 8, 19} {
			for name, k := range levels() {
				t.Run(fmt.Sprintf("%s %+v %d", name, g, channels), func(t *testing.T) { at(k, func() { checkTransposed(t, random, g, channels) }) })
			}
		}
	}
	if _, ok := NewTransposed(Geometry{Planes: 2, Height: 3, Width: 3, Depth: 1, Side: 2}, 1); ok {
		t.Error("takes two planes")
	}
}

func checkTransposed(t *testing.T, random *rand.Rand, g Geometry, channels int) {
	tr, ok := NewTransposed(g, channels)
	if !ok {
		t.Fatal("refused")
	}
	integers := func(n int) []float32 { // of which sums are exact in any order
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(random.IntN(19) - 9)
		}
		return x
	}
	w, dz := integers(g.Inputs()*channels), integers(g.Positions()*channels)
	turned := make([]float32, len(w))
	for i, x := range w {
		turned[i%channels*g.Inputs()+i/channels] = x
	}
	padded, want := make([]float32, g.Padded().Pixels()), make([]float32, g.Pixels())
	g.Field(channels).InputError(padded, dz, turned)
	g.Crop(want, padded)
	got, errors := integers(g.Pixels()), make([]float32, tr.Errors())
	tr.SetWeights(w)
	for range 2 { // the second must not see the first
		tr.InputError(got, dz, errors, make([]float32, g.Depth))
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("pixel %d has the error %v, spread it is %v", i, got[i], want[i])
			}
		}
	}
}
