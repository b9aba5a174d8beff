package simd

// BlockLanes is the number of partial sums of |Δw| that ApplyBlock adds to.
const BlockLanes = 16

// BlockSums are Sums with more lanes of magnitudes.
type BlockSums struct {
	M1   [BlockLanes]float64
	Work [Lanes]float64
}

// Block is a part of a matrix of weights W with its gradient: Columns numbers of each
// of Rows rows, which are a stride apart. W and G begin with the first of them.
type Block struct {
	W, G             []float32
	WStride, GStride int
	Rows, Columns    int
	Writes           []uint8 // counted like W, how often its numbers have been updated; nil: nobody counts
}

// ApplyBlock is Apply of the updates minus·g, the products rounded, to the weights of
// a block whose gradient is not zero; the others are not touched. The force is the update
// before the clip. What column c adds is in lane c mod BlockLanes of the magnitudes, and c
// mod Lanes of the work, row after row. Where an update is not zero, 1 is added to the writes.
func ApplyBlock(b Block, minus, bound float32, sums *BlockSums) (m0, stored int) {
	if b.Rows == 0 || b.Columns == 0 {
		return 0, 0
	}
	if b.Writes != nil {
		b.Writes = b.Writes[:(b.Rows-1)*b.WStride+b.Columns]
	}
	w, g := b.W[:(b.Rows-1)*b.WStride+b.Columns], b.G[:(b.Rows-1)*b.GStride+b.Columns]
	m0, stored, done := applyBlockVectors(b, minus, bound, sums)
	if done {
		return m0, stored
	}
	for r := range b.Rows {
		for c := range b.Columns {
			update := g[r*b.GStride+c]
			if update == 0 {
				continue
			}
			free := float32(minus * update)
			changed, moved := ApplyOne(&w[r*b.WStride+c], free, free, 1, bound, &sums.M1[c%BlockLanes], &sums.Work[c%Lanes])
			if b.Writes != nil {
				b.Writes[r*b.WStride+c] += uint8(changed)
			}
			m0 += changed
			stored += moved
		}
	}
	return m0, stored
}
