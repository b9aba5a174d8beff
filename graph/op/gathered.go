package op

import (
	"ergon/internal/blas"
	"ergon/internal/parallel"
)

// GatheredProduct computes some rows and columns of a weight gradient dW = xᵀ·dz: it
// gathers the columns of x and dz that they need, and multiplies those.
type GatheredProduct struct {
	library         blas.Library
	pool            *parallel.Pool
	x, dz           []float32 // [B,I], [B,O]
	batch, in, out  int
	gatheredX       []float32 // [B,|pre|]
	gatheredDz      []float32 // [B,|post|]
	rows, columns   int       // of the part in progress
	left, right, to []float32 // its factors and where it goes
	pre, post       []int32
	chunks          int // of rows that are multiplied
	gatherChunks    int // of the batch
	multiplyChunk   func(chunk int)
	gatherChunk     func(chunk int)
}

// NewGatheredProduct returns the parts of xᵀ·dz: x [B,I], dz [B,O].
func NewGatheredProduct(c *Compiler, x, dz Operand) *GatheredProduct {
	p := &GatheredProduct{
		library: c.Library, pool: c.Pool, x: x.Data, dz: dz.Data,
		batch: x.Shape[0], in: x.Shape[1], out: dz.Shape[1],
	}
	p.multiplyChunk, p.gatherChunk = p.multiply, p.gatherRows
	return p
}

// Compute writes rows pre and columns post, both ascending, to part [|pre|,|post|]; nil
// is all. It allocates in its first call only.
func (p *GatheredProduct) Compute(pre, post []int32, part []float32) {
	if p.gatheredX == nil {
		p.gatheredX, p.gatheredDz = make([]float32, len(p.x)), make([]float32, len(p.dz))
	}
	p.gather(pre, post)
	if p.to = part; p.rows*p.columns == 0 {
		return
	}
	// Chunks worth waking a goroutine up for. They follow from the shape alone.
	p.chunks = min(max(p.rows*p.columns*p.batch>>20, 1), 16, p.rows)
	p.pool.Run(p.chunks, p.multiplyChunk)
}

// multiply computes chunk i of the part's rows.
func (p *GatheredProduct) multiply(i int) {
	lo, hi := parallel.Split(p.rows, p.chunks, i)
	p.library.Gemm(true, false, hi-lo, p.columns, p.batch, p.left[lo:], p.rows, p.right, p.columns, 0, p.to[lo*p.columns:], p.columns)
}

// gather packs the chosen columns of x and dz; nil is all of them.
func (p *GatheredProduct) gather(pre, post []int32) {
	p.pre, p.post = pre, post
	p.left, p.rows, p.right, p.columns = p.x, p.in, p.dz, p.out
	if pre != nil {
		p.left, p.rows = p.gatheredX, len(pre)
	}
	if post != nil {
		p.right, p.columns = p.gatheredDz, len(post)
	}
	p.gatherChunks = min(max(p.batch*(len(pre)+len(post))>>12, 1), 16, p.batch)
	p.pool.Run(p.gatherChunks, p.gatherChunk)
}

// gatherRows packs the columns for a chunk of the batch.
func (p *GatheredProduct) gatherRows(chunk int) {
	lo, hi := parallel.Split(p.batch, p.gatherChunks, chunk)
	gather(p.gatheredX, p.x, p.in, p.pre, lo, hi)
	gather(p.gatheredDz, p.dz, p.out, p.post, lo, hi)
}

// gather packs the chosen columns of rows [lo,hi) of a matrix with the given number of columns.
func gather(packed, matrix []float32, columns int, chosen []int32, lo, hi int) {
	n := len(chosen)
	for row := lo; n > 0 && row < hi; row++ {
		from, to := matrix[row*columns:(row+1)*columns], packed[row*n:(row+1)*n]
		for k, i := range chosen {
			to[k] = from[i]
		}
	}
}
