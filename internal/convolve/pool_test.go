package convolve

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Units with many that are equal, zeros of both signs, infinities and NaN.
func units(random *rand.Rand, n int) []float32 {
	some := []float32{0, float32(math.Copysign(0, -1)), 1, 2, -1, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())}
	x := make([]float32, n)
	for i := range x {
		if x[i] = float32(random.NormFloat64()); random.IntN(2) == 0 {
			x[i] = some[random.IntN(len(some)-random.IntN(2))]
		}
	}
	return x
}

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
	})
}

// All levels compute the bits of the definition, and leave what belongs to no square alone.
func TestPoolingIsItsDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		side := 1 + random.IntN(4)
		p := Pool{Rows: side + random.IntN(9), Columns: side + random.IntN(20), Channels: 1 + random.IntN(40), Side: side}
		y, d, before := units(random, p.Units()), units(random, p.Squares()), units(random, p.Units())
		squares, errors := make([]float32, p.Squares()), slices.Clone(before)
		p.largest(squares, y)
		p.give(errors, d, y, squares)
		for name, k := range levels() {
			at(k, func() {
				gotSquares, gotErrors := make([]float32, p.Squares()), slices.Clone(before)
				p.Largest(gotSquares, y)
				p.Give(gotErrors, d, y, gotSquares)
				if !sameBits(gotSquares, squares) {
					t.Fatalf("%s, %+v: largest of %v are %v, want %v", name, p, y, gotSquares, squares)
				}
				if !sameBits(gotErrors, errors) {
					t.Fatalf("%s, %+v: errors %v, want %v", name, p, gotErrors, errors)
				}
			})
		}
	}
}

// By hand: of equal units the first, a NaN before all, a column in no square.
func TestPoolingByHand(t *testing.T) {
	nan := float32(math.NaN())
	p := Pool{Rows: 2, Columns: 5, Channels: 1, Side: 2}
	y := []float32{
		1, 3, 5, nan, 9,
		3, 2, 6, 4, 9,
	}
	for name, k := range levels() {
		at(k, func() {
			squares := make([]float32, 2)
			if p.Largest(squares, y); !sameBits(squares, []float32{3, nan}) {
				t.Errorf("%s: largest are %v, want 3, NaN", name, squares)
			}
			errors := slices.Repeat([]float32{7}, 10)
			if p.Give(errors, []float32{10, 20}, y, squares); !slices.Equal(errors, []float32{0, 10, 0, 0, 7, 0, 0, 0, 0, 7}) {
				t.Errorf("%s: errors are %v, want 10 for the second unit", name, errors)
			}
		})
	}
}
