package sparse

import "ergon/internal/simd"

type (
	listKernel   func(x *float32, stride, rows int, tail uint32, groups int, pitch uint32, counts, places *uint16, values *float32, apart int) (entries int)
	copyKernel   func(to *float32, toPitch int, from *float32, fromPitch, rows, vectors int, mask uint32)
	spreadKernel func(panel, b *float32, second, third int, counts, places *uint16, values *float32, apart, groups int, mask uint32)
	gatherKernel func(c *float32, stride int, from *float32, fromStride int, panel *float32, counts, places *uint16, values *float32, apart, groups int, mask uint32)
)

// instructions are a level's kernels.
type instructions struct {
	lanes             int // numbers in a vector
	widest            int // vectors of a panel; chunk rows of so many fill two thirds of a first-level cache of 48 KB, seven eighths of one of 32
	copy              copyKernel
	spread            []spreadKernel // for panels of 1, 2, … vectors
	gather            []gatherKernel
	plain, transposed way
}

// way is how a product goes: C = A·B or C = Aᵀ·B.
type way struct {
	spreads bool // rows of B are added to rows of C in cache; otherwise rows of B in cache are summed
	group   int  // columns, or rows, of A that are listed together
	longest int  // groups that are listed together, at most
	list    listKernel
	speed   float64 // of what is multiplied, of a dense product's
	copying float64 // rows of A whose dense product takes as long as to copy what it is multiplied with
}

var active = choose(simd.Active())

// way returns how a product goes whose A is transposed or not.
func (i *instructions) way(trans bool) way {
	if trans {
		return i.transposed
	}
	return i.plain
}

// columns is how many numbers wide a panel is at most.
func (i *instructions) columns() int { return i.lanes * i.widest }
