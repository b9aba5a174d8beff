package gemm

// instructions are the kernels of one instruction set. Lists of kernels start
// with that of one row.
type instructions struct {
	lanes int // numbers in a vector

	// Sums of outer products, for tiles of C that stay in registers.
	panels  []kernel // of two whole vectors
	packing []kernel // one panel of two whole vectors of B, packed on the way
	masked1 []kernel // one panel of one vector, cut off by the mask
	masked2 []kernel // one panel of two vectors, the second cut off by the mask
	direct  []direct // for few rows: more vectors, B read where it lies

	// Inner products of rows of A with rows of B; the mask cuts off the last
	// vector of a row.
	dots []kernel // four rows of B at a time
	dot  []kernel // one

	mask      func(lanes int) [8]uint32
	columns   func(dst []float32, dstRow int, src []float32, srcRow, rows int, mask *[8]uint32)
	transpose func(dst []float32, dstRow int, src []float32, srcRow, rows, columns int)
}

type direct struct {
	kernel
	vectors int
}

// width is the number of columns of a panel.
func (n *instructions) width() int { return 2 * n.lanes }

// height is the greatest height of a tile.
func (n *instructions) height() int { return len(n.panels) }
