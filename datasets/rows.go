package datasets

import "ergon/internal/simd"

// byteRows are pixels kept as bytes, a quarter of the memory of float32, and made
// inputs when they are needed.
type byteRows struct {
	pixels []byte // [n, width]
	width  int
	*palette
}

// rowsAhead is how many rows ahead of the one in work pixels are asked for: memory takes longer to
// send a row than it takes to make inputs of one.
const rowsAhead = 2

// gather asks for the pixels of the next rows, which are anywhere in memory, while it works on one.
func (r *byteRows) gather(idx []int32, x []float32, stride int) {
	for _, i := range idx[min(1, len(idx)):min(rowsAhead, len(idx))] {
		r.prefetch(i)
	}
	for k, i := range idx {
		if k+rowsAhead < len(idx) {
			r.prefetch(idx[k+rowsAhead])
		}
		r.inputs(x[k*stride:][:r.width], r.row(i))
	}
}

func (r *byteRows) prefetch(i int32) { simd.Prefetch(r.row(i)) }

// countActive counts in the pixels, which are fewer bytes than the inputs.
func (r *byteRows) countActive(i int32, _ []float32) int { return r.active(r.row(i)) }

func (r *byteRows) keep() {}

func (r *byteRows) row(i int32) []byte { return r.pixels[int(i)*r.width:][:r.width] }

// floatRows are inputs that no table can give: synthetic or noisy ones.
type floatRows struct {
	values []float32 // [n, inputs]
	inputs int
}

func (r *floatRows) gather(idx []int32, x []float32, stride int) {
	for k, i := range idx {
		copy(x[k*stride:][:r.inputs], r.values[int(i)*r.inputs:])
	}
}

func (r *floatRows) countActive(_ int32, inputs []float32) int { return simd.Nonzero(inputs) }

func (r *floatRows) keep() {}
