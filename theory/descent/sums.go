package descent

// Sums are of one layer of synapses, over batches.
type Sums struct {
	Descent float64 // Σ -Δ·ḡ
	Work    float64 // Σ -Δ·g
	M0      float64 // Σ number of synapses with Δ ≠ 0
	M1      float64 // Σ |Δ|
}

// Add adds other sums.
func (s *Sums) Add(t Sums) {
	s.Descent += t.Descent
	s.Work += t.Work
	s.M0 += t.M0
	s.M1 += t.M1
}

// Chunk is some of the batches that are sampled at a step: [rules][layers], the plain rule first. Each
// chunk has batches and random masks of its own.
type Chunk [][]Sums

// Total returns the sums of a rule over the layers.
func (c Chunk) Total(rule int) (total Sums) {
	for _, s := range c[rule] {
		total.Add(s)
	}
	return total
}
