package sparse

import "ergon/internal/simd"

// ways are how the products C = A·B and C = Aᵀ·B go at a level.
type ways struct{ plain, transposed []way }

// way is how a product goes, and with which kernels.
type way struct {
	lanes   int // numbers in a vector
	group   int // columns of A that are taken together
	longest int // rows of C that are gathered together, at most
	copy    copyKernel

	// For panels of 1, 2, … vectors, one of the two: groups of rows of B, and the single rows that are left, are
	// added to rows of C in cache, or rows of B in cache are summed.
	spread, single []spreadKernel
	gather         []gatherKernel

	speed   float64 // of what is multiplied, of a dense product's
	copying float64 // rows of op(A) whose dense product takes as long as to copy B, as often as the measured shapes did
}

var active = choose(simd.Active())

// of returns how a product may go, the first way first where they are equal.
func (w ways) of(p Product) []way {
	if p.TransA {
		return w.transposed
	}
	return w.plain
}

// widest is how many numbers wide a panel is at most.
func (w *way) widest() int { return w.lanes * max(len(w.spread), len(w.gather)) }

// limit returns up to which share of A that is multiplied leaving out the rest pays. What a number of A costs besides, to
// be marked and as its part of sums that come and go, is taken to be the dense product of two vectors of B.
func (w *way) limit(p Product) float64 {
	return w.speed * (1 - float64(2*w.lanes)/float64(p.N) - w.copying/float64(p.M))
}
