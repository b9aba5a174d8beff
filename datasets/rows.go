package datasets

import "ergon/internal/simd"

// byteRows are pixels kept as bytes and looked up when they are needed: a
// quarter of the memory of float32, and the table stays in the first cache.
type byteRows struct {
	pixels []byte // [n, inputs]
	inputs int
	table  *[256]float32 // input value of a byte
}

func (r *byteRows) gather(idx []int32, x []float32, stride int) {
	for k, i := range idx {
		simd.LookUp(x[k*stride:][:r.inputs], r.pixels[int(i)*r.inputs:], r.table)
	}
}

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
