package graph

import (
	"ergon/internal/blas"
	"ergon/internal/parallel"
)

// partial computes parts of a weight gradient dW = xᵀ·dz: the rows of some inputs
// and the columns of some units, as the product of what is gathered of x and dz.
type partial struct {
	library         blas.Library
	pool            *parallel.Pool
	x, dz           []float32 // [B,I], [B,O]
	batch, in, out  int
	gatheredX       []float32 // [B,|pre|]
	gatheredDz      []float32 // [B,|post|]
	rows, columns   int       // of the part in progress
	left, right, to []float32 // its factors and where it goes
	parts           int
	body            func(part int)
}

func newPartial(c *compiler, x, dz operand) *partial {
	p := &partial{
		library: c.library, pool: c.pool, x: x.data, dz: dz.data,
		batch: x.shape[0], in: x.shape[1], out: dz.shape[1],
	}
	p.body = p.multiply
	return p
}

// compute fills part [|pre|,|post|]; nil is every unit.
func (p *partial) compute(pre, post []int32, part []float32) {
	if p.gatheredX == nil {
		p.gatheredX, p.gatheredDz = make([]float32, len(p.x)), make([]float32, len(p.dz))
	}
	p.left, p.rows = gather(p.gatheredX, p.x, p.in, pre)
	p.right, p.columns = gather(p.gatheredDz, p.dz, p.out, post)
	if p.to = part; p.rows*p.columns == 0 {
		return
	}
	// As many parts as are worth a goroutine's wake-up, by the shape alone.
	p.parts = min(max(p.rows*p.columns*p.batch>>20, 1), 16, p.rows)
	p.pool.Run(p.parts, p.body)
}

// multiply computes some rows of the part.
func (p *partial) multiply(i int) {
	lo, hi := parallel.Split(p.rows, p.parts, i)
	p.library.Gemm(true, false, hi-lo, p.columns, p.batch, p.left[lo:], p.rows, p.right, p.columns, 0, p.to[lo*p.columns:], p.columns)
}

// gather returns the chosen columns of a matrix whose rows have so many, packed
// into space, and their number. nil is all of them.
func gather(space, matrix []float32, columns int, chosen []int32) (packed []float32, n int) {
	if chosen == nil {
		return matrix, columns
	}
	n = len(chosen)
	for row, at := 0, 0; row < len(matrix); row, at = row+columns, at+n {
		from, to := matrix[row:row+columns], space[at:at+n]
		for k, i := range chosen {
			to[k] = from[i]
		}
	}
	return space, n
}
