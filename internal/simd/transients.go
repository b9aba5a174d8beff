package simd

// AddTransients adds |W - L| of the synapses of each column to sums, row after row.
func AddTransients(sums []float64, t Transients) {
	done := addTransientsVectors(sums, t)
	for r := range t.Rows {
		w, l := t.row(r)
		for c := done; c < len(w); c++ {
			sums[c] += float64(sizeOf(w[c] - l[c]))
		}
	}
}

// MaxTransients raises largest to the |W - L| of the synapses of each column. NaN is not larger.
func MaxTransients(largest []float32, t Transients) {
	done := maxTransientsVectors(largest, t)
	for r := range t.Rows {
		w, l := t.row(r)
		for c := done; c < len(w); c++ {
			if s := sizeOf(w[c] - l[c]); s > largest[c] {
				largest[c] = s
			}
		}
	}
}

// row returns W and L of a row.
func (t *Transients) row(r int) (w, l []float32) {
	first := r * t.Stride
	return t.W[first : first+t.Columns], t.L[first : first+t.Columns]
}
