package simd

// consolidateVectors is Consolidate, and reports whether the level has vectors.
func consolidateVectors(t Transients, threshold []float32, quantum float64, decay float32, counts *Consolidated) bool {
	if level == Portable {
		return false
	}
	kernel := consolidate256
	if level == AVX512 {
		kernel = consolidate512
	}
	var writes *uint32
	if t.Writes != nil {
		writes = &t.Writes[0]
	}
	m0, left := kernel(&t.W[0], &t.L[0], &threshold[0], writes, 4*t.Stride, t.Rows, t.Columns, quantum, decay, &counts.M1, &counts.Transient)
	counts.M0 += m0
	counts.Left += left
	return true
}
