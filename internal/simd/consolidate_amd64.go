package simd

// consolidateVectors is Consolidate, and reports whether the level has vectors.
func consolidateVectors(t Transients, threshold []float32, quantum float64, decay float32, counts *Consolidated) bool {
	var writes *uint32
	if t.Writes != nil {
		writes = &t.Writes[0]
	}
	var m0, left int
	switch level {
	case AVX512:
		m0, left = consolidate512(&t.W[0], &t.L[0], &threshold[0], writes, 4*t.Stride, t.Rows, t.Columns, quantum, decay, &counts.M1, &counts.Transient)
	case AVX2:
		m0, left = consolidate256(&t.W[0], &t.L[0], &threshold[0], writes, 4*t.Stride, t.Rows, t.Columns, quantum, decay, &counts.M1, &counts.Transient)
	default:
		return false
	}
	counts.M0 += m0
	counts.Left += left
	return true
}

// addTransientsVectors is AddTransients for the columns that fill vectors, and returns how many.
func addTransientsVectors(sums []float64, t Transients) int {
	n := whole(t.Columns, 16, 8)
	switch {
	case n == 0 || t.Rows == 0:
		return 0
	case level == AVX512:
		addTransients512(&sums[0], &t.W[0], &t.L[0], 4*t.Stride, t.Rows, n)
	default:
		addTransients256(&sums[0], &t.W[0], &t.L[0], 4*t.Stride, t.Rows, n)
	}
	return n
}

// maxTransientsVectors is MaxTransients for the columns that fill vectors, and returns how many.
func maxTransientsVectors(largest []float32, t Transients) int {
	n := whole(t.Columns, 16, 8)
	switch {
	case n == 0 || t.Rows == 0:
		return 0
	case level == AVX512:
		maxTransients512(&largest[0], &t.W[0], &t.L[0], 4*t.Stride, t.Rows, n)
	default:
		maxTransients256(&largest[0], &t.W[0], &t.L[0], 4*t.Stride, t.Rows, n)
	}
	return n
}
