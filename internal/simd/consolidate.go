package simd

import "math"

// Transients are synapses W = L + s, of which L is permanent and s transient: Columns of each of Rows rows, which
// are a stride apart. W, L and Writes begin with the first of them.
type Transients struct {
	W, L          []float32
	Writes        []uint32 // of each synapse: how often L was written; nil: nobody counts
	Stride        int
	Rows, Columns int
}

// Consolidated counts what Consolidate did. What column c adds is in lane c mod BlockLanes, row after row.
type Consolidated struct {
	M0        int                 // synapses of which L was written
	Left      int                 // synapses whose s was left, and decayed
	M1        [BlockLanes]float64 // Σ|ΔL|
	Transient [BlockLanes]float64 // Σ|s| that is left
}

// Consolidate makes s = W - L permanent where |s| has reached the threshold of its column: L becomes W or, if
// quantum is above 0, L grows by trunc(s/quantum)·quantum, rounded to float32. The s that is left then
// decays, unless decay is 0: W falls by decay·s, the product rounded. An s of 0, or NaN, reaches no threshold.
func Consolidate(t Transients, threshold []float32, quantum float64, decay float32, counts *Consolidated) {
	if t.Rows == 0 || t.Columns == 0 {
		return
	}
	last := (t.Rows-1)*t.Stride + t.Columns
	t.W, t.L, threshold = t.W[:last], t.L[:last], threshold[:t.Columns]
	if t.Writes != nil {
		t.Writes = t.Writes[:last]
	}
	if consolidateVectors(t, threshold, quantum, decay, counts) {
		return
	}
	for r := range t.Rows {
		for c, reached := range threshold {
			t.consolidate(r*t.Stride+c, c%BlockLanes, reached, quantum, decay, counts)
		}
	}
}

// consolidate is Consolidate for synapse i, with its lane of the sums.
func (t *Transients) consolidate(i, lane int, threshold float32, quantum float64, decay float32, counts *Consolidated) {
	before := t.L[i]
	s := t.W[i] - before
	if s == 0 {
		return
	}
	if sizeOf(s) >= threshold {
		if t.L[i], s = t.W[i], 0; quantum > 0 {
			t.L[i] = before + float32(math.Trunc(float64(t.W[i]-before)/quantum)*quantum)
			s = t.W[i] - t.L[i]
		}
		counts.M0++
		counts.M1[lane] += math.Abs(float64(t.L[i]) - float64(before))
		if t.Writes != nil {
			t.Writes[i]++
		}
	}
	counts.Transient[lane] += float64(sizeOf(s))
	if decay > 0 && s != 0 {
		t.W[i] -= float32(decay * s)
		counts.Left++
	}
}

// sizeOf returns |x|.
func sizeOf(x float32) float32 { return math.Float32frombits(math.Float32bits(x) & magnitude) }
