package convolve

import (
	"math/rand/v2"
	"testing"

	"ergon/internal/guarded"
)

// A kernel that reads or writes beside its arrays ends the process here.
func TestNothingBesideTheArraysIsTouched(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for name, k := range levels() {
		at(k, func() {
			for i := range 60 {
				side := 1 + random.IntN(5)
				s := newStrided(random, 1+random.IntN(3), 1+random.IntN(2), side+random.IntN(5), side+random.IntN(30), 1+random.IntN(9), side, 1+random.IntN(40))
				for _, x := range s.arrays() {
					*x = guarded.Copy(t, *x, i%2 == 0)
				}
				s.check(t, name)

				p := Pool{Rows: side + random.IntN(5), Columns: side + random.IntN(9), Channels: 1 + random.IntN(40), Side: side}
				numbers := func(n int) []float32 { return guarded.Copy(t, units(random, n), i%2 == 0) }
				y, squares := numbers(p.Units()), numbers(p.Squares())
				p.Largest(squares, y)
				p.Give(numbers(p.Units()), numbers(p.Squares()), y, squares)
			}
		})
	}
}
