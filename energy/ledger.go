package energy

// Layer is the account of one layer of synapses and the units it drives.
type Layer struct {
	Name       string `json:"name"`
	In         int    `json:"in"`
	Out        int    `json:"out"`
	Parameters int    `json:"parameters"` // weights and biases
	// Positions share the weights of a convolution: a presentation meets each that
	// many times. 0 is one.
	Positions int `json:"positions,omitempty"`
	// Fixed weights never change: they have no gradient.
	Fixed bool `json:"fixed,omitempty"`
	// Tied weights are those of the layer below, in the other direction: the layer has biases
	// only, and its products are counted where they are made.
	Tied bool `json:"tied,omitempty"`
	// Triangular weights join the units to each other, In = Out: each pair has one.
	Triangular bool `json:"triangular,omitempty"`

	Forward     Pass        `json:"forward"`
	Backward    Pass        `json:"backward"`
	Update      Update      `json:"update"`
	Maintenance Maintenance `json:"maintenance"`

	ActiveUnits int64   `json:"active_units"` // Σ count(y ≠ 0) of the layer's units
	ActivityL1  float64 `json:"activity_l1"`  // Σ|y|
}

// Products returns how many multiply-accumulates a presentation is in a pass through the
// layer: one for each weight, at each position.
func (y *Layer) Products() int64 {
	if y.Triangular {
		return int64(y.In) * int64(y.In-1) / 2
	}
	return int64(y.In) * int64(y.Out) * int64(max(y.Positions, 1))
}

// Pass is the work of a pass through a layer. A multiply-accumulate (MAC) is
// effective unless one of its factors is a zero activity or error, which
// event-driven hardware would skip. Adding a bias is not a MAC. A convolution is
// a dense layer at each of its positions: the zeros around an image are inputs
// like any other, MACs but no effective ones, except where errors are sent to them.
// Units that are joined to each other make a product s_i W_ij s_j of each pair in the
// forward pass, and s_i s_j in the backward one; it is effective if neither is zero.
type Pass struct {
	MACs          int64 `json:"macs"`
	MACsEffective int64 `json:"macs_effective"`
	WeightReads   int64 `json:"weight_reads"` // each weight and bias once a batch
}

// Update is what the learning rule did to a layer.
type Update struct {
	M0           int64      `json:"m0"`        // synapses with Δw ≠ 0
	M1           float64    `json:"m1"`        // Σ|Δw|
	M0Stored     int64      `json:"m0_stored"` // synapses whose float32 value changed; a tiny Δw can vanish in rounding
	WeightReads  int64      `json:"weight_reads"`
	WeightWrites int64      `json:"weight_writes"` // one of each for every synapse with Δw ≠ 0
	Memory       Memory     `json:"memory"`        // of what the rule remembers besides
	Accumulate   Accumulate `json:"accumulate"`    // of what is beside the weights
	*Cached
}

// Maintenance is what it takes to keep synapses.
type Maintenance struct {
	SynapsePresentations int64 `json:"synapse_presentations"` // synapses × presentations lived through
}

// Step is what one step did to a layer: sums over its presentations, and over the
// positions that share its weights.
type Step struct {
	Batch        int      // presentations
	Rows         int      // that went through both passes, where samples of the model did, too; 0: Batch, and of them Open
	Open         int      // of them, those that went through the backward pass; the gate kept the others out
	Presynaptic  int64    // active inputs, those of each position by themselves
	Errors       int64    // non-zero errors dz
	Pairs        int64    // active inputs times non-zero errors, of each presentation and position; of a triangular layer, pairs of active units
	Postsynaptic Activity // of the layer's units
	M0, M0Stored int64
	M1           float64
	MemoryReads  int64 // of what the rule remembers of synapses
	MemoryWrites int64
	Accumulate   Accumulate // but for the gradient of the batch, which follows from the rest
	OneByOne     bool       // presentations were learned from one by one: no gradient of the batch was added up
	Cached       *Cached    // nil where every change is permanent at once
	Sampling     *Sampling  // of the whole network, in its first layer's step; nil: nothing is sampled
}

// Ledger adds up a run's steps.
type Ledger struct {
	Layers []Layer
	// BinaryInput says that every input of the network is -1, 0 or 1, so that
	// the first layer adds instead of multiplying.
	BinaryInput bool

	total         Totals
	last          Totals
	unknownMemory string // why the traffic of the rule's memory is not known; "": it is
	// unknownAccumulate is why what changes beside the weights is not known; "": it is.
	unknownAccumulate string
}

// Totals are sums over the layers. Sums of reals are added in the order of the
// steps, so that the logged steps of a run, added up, are its total exactly.
type Totals struct {
	M0           int64      `json:"m0"`
	M1           float64    `json:"m1"`
	M0Stored     int64      `json:"m0_stored"`
	ActiveUnits  int64      `json:"active_units"` // hidden units
	ActivityL1   float64    `json:"activity_l1"`  // hidden units
	ActiveOutput int64      `json:"active_units_output"`
	OutputL1     float64    `json:"activity_l1_output"`
	MACsForward  int64      `json:"macs_forward"`
	MACsBackward int64      `json:"macs_backward"`
	MACsEff      int64      `json:"macs_effective"` // of both passes
	WeightReads  int64      `json:"weight_reads"`   // of both passes and the update
	WeightWrites int64      `json:"weight_writes"`
	Memory       Memory     `json:"memory"`     // traffic of what the rule remembers besides the weights; null: not known
	Accumulate   Accumulate `json:"accumulate"` // what changed beside the weights; null: not known
	*Cached
	Sampling *Sampling `json:"sampling,omitempty"` // of Boltzmann machines
}

// NewLedger opens the account of a network.
func NewLedger(layers []Layer) *Ledger {
	l := &Ledger{Layers: layers}
	l.total.Memory.Known, l.last.Memory.Known = true, true
	l.total.Accumulate.Known, l.last.Accumulate.Known = true, true
	for i := range layers {
		layers[i].Update.Memory.Known, layers[i].Update.Accumulate.Known = true, true
	}
	return l
}

// Record adds a step: steps[l] is what it did to layer l.
func (l *Ledger) Record(steps []Step) {
	l.last = Totals{Cached: cleared(l.last.Cached), Sampling: clearedSampling(l.last.Sampling), Memory: Memory{Known: l.unknownMemory == ""}, Accumulate: Accumulate{Known: l.unknownAccumulate == ""}}
	for i := range l.Layers {
		t := l.Layers[i].record(&steps[i], i == 0, i == len(l.Layers)-1)
		l.last.add(&t)
		l.last.Accumulate.beside(t.Accumulate)
	}
	l.total.add(&l.last)
	l.total.Accumulate.after(l.last.Accumulate)
}

// Total returns the sums since the start.
func (l *Ledger) Total() Totals {
	t := l.total
	t.Cached, t.Sampling = copied(t.Cached), plusSampling(nil, t.Sampling)
	return t
}

// Last returns the sums of the last step alone. What it says of cache and sampling is
// valid until the next step.
func (l *Ledger) Last() Totals { return l.last }

// record adds a step to the layer and returns it as totals.
func (y *Layer) record(s *Step, first, last bool) Totals {
	batch, open := int64(s.Batch), int64(s.Open)
	rows := batch
	if s.Rows > 0 {
		rows, open = int64(s.Rows), int64(s.Rows)
	}
	in, out, parameters := int64(y.In), int64(y.Out), int64(y.Parameters)
	product := y.Products()
	forward := Pass{MACs: rows * product, MACsEffective: s.Presynaptic * out, WeightReads: parameters}
	backward := Pass{MACs: open * product, MACsEffective: s.Pairs} // dW = xᵀ·dz
	if y.Triangular {
		forward.MACsEffective = s.Pairs
	}
	if y.Fixed {
		backward = Pass{}
	}
	if y.Tied {
		forward, backward = Pass{WeightReads: parameters}, Pass{}
	}
	if !first && !y.Tied && open > 0 { // dx = dz·Wᵀ, for the layer below
		backward.MACs += open * product
		backward.MACsEffective += s.Errors * in
		backward.WeightReads = in * out
	}
	units, l1 := s.Postsynaptic.Units, s.Postsynaptic.L1
	memory, accumulate := Memory{s.MemoryReads, s.MemoryWrites, true}, s.Accumulate
	if y.Fixed { // nothing is kept of what cannot change
		memory, accumulate = Memory{Known: true}, Accumulate{}
	}
	accumulate.Known = true
	accumulate.beside(y.batchGradient(s, rows))
	update := Update{M0: s.M0, M1: s.M1, M0Stored: s.M0Stored, WeightReads: s.M0, WeightWrites: s.M0, Memory: memory, Accumulate: accumulate, Cached: s.Cached}

	y.Forward.add(forward)
	y.Backward.add(backward)
	y.Update.add(&update)
	y.Maintenance.SynapsePresentations += batch * parameters
	y.ActiveUnits += units
	y.ActivityL1 += l1

	t := Totals{
		M0: s.M0, M1: s.M1, M0Stored: s.M0Stored,
		MACsForward: forward.MACs, MACsBackward: backward.MACs,
		MACsEff:     forward.MACsEffective + backward.MACsEffective,
		WeightReads: forward.WeightReads + backward.WeightReads + update.WeightReads, WeightWrites: update.WeightWrites,
		Memory: memory, Accumulate: accumulate, Cached: s.Cached, Sampling: s.Sampling,
	}
	if last {
		t.ActiveOutput, t.OutputL1 = units, l1
	} else {
		t.ActiveUnits, t.ActivityL1 = units, l1
	}
	return t
}

func (p *Pass) add(q Pass) {
	p.MACs += q.MACs
	p.MACsEffective += q.MACsEffective
	p.WeightReads += q.WeightReads
}

func (u *Update) add(v *Update) {
	u.M0 += v.M0
	u.M1 += v.M1
	u.M0Stored += v.M0Stored
	u.WeightReads += v.WeightReads
	u.WeightWrites += v.WeightWrites
	u.Memory.add(v.Memory)
	u.Accumulate.after(v.Accumulate)
	u.Cached = plus(u.Cached, v.Cached)
}

func (t *Totals) add(u *Totals) {
	t.M0 += u.M0
	t.M1 += u.M1
	t.M0Stored += u.M0Stored
	t.ActiveUnits += u.ActiveUnits
	t.ActivityL1 += u.ActivityL1
	t.ActiveOutput += u.ActiveOutput
	t.OutputL1 += u.OutputL1
	t.MACsForward += u.MACsForward
	t.MACsBackward += u.MACsBackward
	t.MACsEff += u.MACsEff
	t.WeightReads += u.WeightReads
	t.WeightWrites += u.WeightWrites
	t.Memory.add(u.Memory)
	t.Cached = plus(t.Cached, u.Cached)
	t.Sampling = plusSampling(t.Sampling, u.Sampling)
}
