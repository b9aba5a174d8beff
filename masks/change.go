package masks

// Change counts what a step did to a layer of synapses. Δw is the update that the
// rule applies: after mask, clip and learning rate, before it is rounded into w.
type Change struct {
	M0     int64   // synapses with Δw ≠ 0
	M1     float64 // Σ|Δw|, in units of the weights
	Stored int64   // synapses whose float32 value changed
	Work   float64 // Σ -Δw·g, in units of the loss: by how much the step went downhill
}

// Add adds another change's counts.
func (c *Change) Add(d Change) {
	c.M0 += d.M0
	c.M1 += d.M1
	c.Stored += d.Stored
	c.Work += d.Work
}
