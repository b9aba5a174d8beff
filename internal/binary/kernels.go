package binary

import "ergon/internal/simd"

// kernels are the inner loops of one instruction set.
type kernels struct {
	// pack writes whole bytes, bit i%8 of byte i/8 being 1 where number i is, and reports
	// whether all numbers are 0 or 1.
	pack func(bits []byte, x []float32) bool

	// tabulate writes, for each group of 4 rows of B's transpose, width numbers each, the
	// 16 sums of those whose bits are set in 0, 1, …, 15, added in ascending order.
	tabulate func(tables, rows []float32, groups int)

	// sum writes rows of width numbers, those at from plus a row of each group's table, that of its state:
	// the next 4 bits of the row's word, the lowest first. Pitches are numbers from row to row.
	sum func(to []float32, toPitch int, from []float32, fromPitch int, tables []float32, words []uint64, groups int)
}

var active = choose(simd.Active())
