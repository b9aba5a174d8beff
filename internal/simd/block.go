package simd

// BlockLanes is the number of partial sums that ApplyBlock adds to.
const BlockLanes = 16

// Block is a part of a matrix of weights W with its gradient: Columns numbers of each
// of Rows rows, which are a stride apart. W and G begin with the first of them.
type Block struct {
	W, G             []float32
	WStride, GStride int
	Rows, Columns    int
}

// ApplyBlock is Apply of the updates minus·g, the products rounded, to the weights of
// a block whose gradient is not zero; the others are not touched. The update of column
// c is added in lane c mod BlockLanes of m1, row after row.
func ApplyBlock(b Block, minus, bound float32, m1 *[BlockLanes]float64) (m0, stored int) {
	if b.Rows == 0 || b.Columns == 0 {
		return 0, 0
	}
	w, g := b.W[:(b.Rows-1)*b.WStride+b.Columns], b.G[:(b.Rows-1)*b.GStride+b.Columns]
	m0, stored, done := applyBlockVectors(b, minus, bound, m1)
	if done {
		return m0, stored
	}
	for r := range b.Rows {
		for c := range b.Columns {
			update := g[r*b.GStride+c]
			if update == 0 {
				continue
			}
			changed, moved := ApplyOne(&w[r*b.WStride+c], float32(minus*update), 1, bound, &m1[c%BlockLanes])
			m0 += changed
			stored += moved
		}
	}
	return m0, stored
}
