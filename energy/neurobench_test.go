package energy

import "testing"

// The worked example of NeuroBench's documentation: 9 dense operations, of
// which 4 have neither a zero weight nor a zero activity.
func TestNeuroBenchExample(t *testing.T) {
	w := []float32{ // [In,Out]: their matrix transposed
		1.3, 0, -1.1,
		0, 1.2, 2.7,
		-3.2, -5.1, 0,
	}
	for name, c := range map[string]struct {
		x         []float32
		macs, acs float64
	}{
		"real":   {[]float32{0, 1.3, -1}, 4, 0},
		"binary": {[]float32{0, 1, -1}, 0, 4},
		"silent": {[]float32{0, 0, 0}, 0, 0},
	} {
		census := new(Census)
		census.AddLayer(w, 3, 3, 2, 1)
		census.Observe(0, c.x)
		got := census.Inference()
		if s := got.SynapticOperations; s.Dense != 9 || *s.EffectiveMACs != c.macs || *s.EffectiveACs != c.acs {
			t.Errorf("%s: dense %v, effective MACs %v, effective ACs %v; want 9, %v, %v", name, s.Dense, *s.EffectiveMACs, *s.EffectiveACs, c.macs, c.acs)
		}
		if *got.ConnectionSparsity != 3.0/9 || got.ParameterCount != 11 || got.Footprint != 44 {
			t.Errorf("connection sparsity %v of %d parameters in %d bytes, want 1/3, 11, 44", *got.ConnectionSparsity, got.ParameterCount, got.Footprint)
		}
		if got.ActivationSparsity != nil {
			t.Error("a layer without hidden units has an activation sparsity")
		}
	}
}

// Presentations are binary or not one by one, whatever else is in the batch;
// hidden units count for the activation sparsity, inputs do not.
func TestCensusOfABatch(t *testing.T) {
	census := new(Census)
	census.AddLayer([]float32{1, 2}, 1, 2, 0, 1)
	census.AddLayer([]float32{1, 0}, 2, 1, 0, 1)
	census.Observe(0, []float32{1, 0.5, 0})
	hidden := []float32{1, 2 /**/, 0.5, 0 /**/, 0, 1}
	census.Observe(1, hidden)
	census.ObserveUnits(hidden)
	got := census.Inference()
	if got.Presentations != 3 || *got.ActivationSparsity != 2.0/6 {
		t.Errorf("%d presentations, activation sparsity %v", got.Presentations, *got.ActivationSparsity)
	}
	// Layer 1: 2 ACs, 2 MACs, none. Layer 2: the second weight is zero: 1 MAC, 1 MAC, none.
	if s := got.SynapticOperations; *s.EffectiveACs != 2.0/3 || *s.EffectiveMACs != 4.0/3 {
		t.Errorf("effective ACs %v, MACs %v; want 2/3, 4/3", *s.EffectiveACs, *s.EffectiveMACs)
	}
}

// Layers from whose inputs equally many weights leave are counted by their active inputs: as those of
// any other layer are, synapse by synapse.
func TestCensusOfEvenLayers(t *testing.T) {
	const in, out, presentations = 37, 5, 4
	for _, zeros := range [][]int{nil, {7}, {7, 12}, {0, 1, 2, 3, 4}} {
		w, x := make([]float32, in*out), make([]float32, presentations*in)
		for i := range w {
			w[i] = 1
		}
		for _, i := range zeros {
			w[i] = 0
		}
		want := 0
		for i := range x {
			x[i] = float32(i % 3) // not binary
			for j := range out {
				if x[i] != 0 && w[i%in*out+j] != 0 {
					want++
				}
			}
		}
		census := new(Census)
		census.AddLayer(w, in, out, 0, 1)
		census.Observe(0, x)
		if got := *census.Inference().SynapticOperations.EffectiveMACs * presentations; got != float64(want) {
			t.Errorf("zero weights %v: %v operations, want %d", zeros, got, want)
		}
	}
}

// A census of several layers, and of what they do at several times, is the sum.
func TestCensusIsAdditive(t *testing.T) {
	census := new(Census)
	census.AddLayer([]float32{1, 0, 0, 2, 3, 4}, 3, 2, 2, 1)
	census.AddLayer([]float32{0, 5}, 2, 1, 1, 3)
	for range 2 {
		census.ObserveUnits([]float32{1, 0, 0})
		census.ObserveUnits([]float32{0, 2})
	}
	got := census.Inference()
	if *got.ConnectionSparsity != 3.0/8 || got.ParameterCount != 6+2+2+1 || got.SynapticOperations.Dense != 6+3*2 {
		t.Errorf("connection sparsity %v of %d parameters, %v dense; want 3/8, 11, 12", *got.ConnectionSparsity, got.ParameterCount, got.SynapticOperations.Dense)
	}
	if *got.ActivationSparsity != 6.0/10 {
		t.Errorf("activation sparsity %v, want 6/10", *got.ActivationSparsity)
	}
}

// A convolution meets its weights at each position, and is binary or not by all of
// them together.
func TestCensusOfAConvolution(t *testing.T) {
	census := new(Census)
	census.AddLayer([]float32{1, 2, 3}, 3, 1, 1, 2)
	census.Observe(0, []float32{ // [B·2,3]
		1, 0, 1, 0, 1, 1, // four ACs
		1, 1, 1, 1, 1, 0.5, // six MACs, for there is one input that is not binary
	})
	got := census.Inference()
	if s := got.SynapticOperations; got.Presentations != 2 || s.Dense != 6 || *s.EffectiveACs != 2 || *s.EffectiveMACs != 3 {
		t.Errorf("%d presentations, %v dense, %v ACs, %v MACs; want 2, 6, 2, 3", got.Presentations, s.Dense, *s.EffectiveACs, *s.EffectiveMACs)
	}
	if *got.ConnectionSparsity != 0 || got.ParameterCount != 4 {
		t.Errorf("connection sparsity %v of %d parameters, want 0 of 4", *got.ConnectionSparsity, got.ParameterCount)
	}
}

// Before anything was observed, what needs observations is not known.
func TestCensusOfNothing(t *testing.T) {
	census := new(Census)
	census.AddLayer([]float32{1, 0}, 1, 2, 2, 1)
	got := census.Inference()
	if got.SynapticOperations.EffectiveMACs != nil || got.SynapticOperations.EffectiveACs != nil || got.ActivationSparsity != nil {
		t.Errorf("got %+v", got)
	}
	if *got.ConnectionSparsity != 0.5 || got.SynapticOperations.Dense != 2 || got.ParameterCount != 4 {
		t.Errorf("got %+v", got)
	}
}
