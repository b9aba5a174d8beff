package datasets

// byteRows are pixels kept as bytes, a quarter of the memory of float32, and made
// inputs when they are needed.
type byteRows struct {
	pixels []byte // [n, width]
	width  int
	*palette
}

func (r *byteRows) gather(idx []int32, x []float32, stride int) {
	for k, i := range idx {
		r.inputs(x[k*stride:][:r.width], r.pixels[int(i)*r.width:][:r.width])
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
