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
		w, l := t.row(r)
		for c, reached := range threshold {
			s := w[c] - l[c]
			if s == 0 {
				continue
			}
			if sizeOf(s) >= reached {
				s = t.write(r, c, quantum, counts)
			}
			counts.Transient[c%BlockLanes] += float64(sizeOf(s))
			if decay > 0 && s != 0 {
				w[c] -= float32(decay * s)
				counts.Left++
			}
		}
	}
}

// write makes s of a synapse permanent, and returns what is left of it.
func (t *Transients) write(row, column int, quantum float64, counts *Consolidated) (s float32) {
	i := row*t.Stride + column
	w, before := t.W[i], t.L[i]
	after := w
	if quantum > 0 {
		after = before + float32(math.Trunc(float64(w-before)/quantum)*quantum)
		s = w - after
	}
	t.L[i] = after
	counts.M0++
	counts.M1[column%BlockLanes] += math.Abs(float64(after) - float64(before))
	if t.Writes != nil {
		t.Writes[i]++
	}
	return s
}

// sizeOf returns |x|.
func sizeOf(x float32) float32 { return math.Float32frombits(math.Float32bits(x) & magnitude) }
