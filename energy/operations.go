package energy

// Operations are the counterpart of NeuroBench's inference metrics in
// training: what the passes and the updates of some presentations took.
type Operations struct {
	Layers []LayerOperations `json:"layers"`
	Total  LayerOperations   `json:"total"`
}

// LayerOperations are those of one layer of synapses, stage by stage.
type LayerOperations struct {
	Layer    string           `json:"layer"`
	Forward  PassOperations   `json:"forward"`
	Backward PassOperations   `json:"backward"`
	Update   UpdateOperations `json:"update"`
}

// PassOperations are those of a pass. Effective are operations whose activity
// and error are not zero, as in the ledger: during training zero weights are
// not looked for. They are accumulates where all inputs of the network are
// -1, 0 or 1.
type PassOperations struct {
	Dense         float64 `json:"dense"`
	EffectiveMACs float64 `json:"effective_macs"`
	EffectiveACs  float64 `json:"effective_acs"`
	WeightReads   float64 `json:"weight_reads"` // weights and biases
}

// UpdateOperations are those of a learning rule. Each synapse that it changes
// is one addition, one read and one write; what it remembers besides is read and written
// as its kind says. The rule's own reckoning (order statistics, an optimizer's arithmetic)
// is not counted.
type UpdateOperations struct {
	SynapticChanges float64 `json:"synaptic_changes"` // M0
	ChangeAmount    float64 `json:"change_amount"`    // M1
	Additions       float64 `json:"additions"`
	WeightReads     float64 `json:"weight_reads"`
	WeightWrites    float64 `json:"weight_writes"`
	// Memory is the traffic of what the rule remembers; null is not known.
	Memory *MemoryOperations `json:"memory"`
	// Accumulate is what changed beside the weights; null is not known.
	Accumulate *AccumulateOperations `json:"accumulate"`
}

// MemoryOperations are reads and writes of what a rule remembers of synapses.
type MemoryOperations struct {
	Reads  float64 `json:"reads"`
	Writes float64 `json:"writes"`
}

// AccumulateOperations are those of what a rule keeps beside the weights, as [Accumulate] says.
type AccumulateOperations struct {
	Updates         float64 `json:"updates"`
	Amount          float64 `json:"amount"`
	Reads           float64 `json:"reads"`
	Writes          float64 `json:"writes"`
	GradientUpdates float64 `json:"gradient_updates"`
}

// Operations returns the operations that the ledger has counted, over a number
// by which they are divided: 1 for the whole, the presentations for the mean of
// one. Over 0 all are 0.
func (l *Ledger) Operations(over float64) Operations {
	o := Operations{Layers: []LayerOperations{}, Total: LayerOperations{Layer: "all"}}
	if l.unknownMemory == "" {
		o.Total.Update.Memory = new(MemoryOperations)
	}
	if l.unknownAccumulate == "" {
		o.Total.Update.Accumulate = new(AccumulateOperations)
	}
	for i, y := range l.Layers {
		binary := i == 0 && l.BinaryInput
		layer := LayerOperations{y.Name, passOperations(y.Forward, binary), passOperations(y.Backward, binary), updateOperations(y.Update)}
		layer.divide(over)
		o.Layers = append(o.Layers, layer)
		o.Total.add(layer)
	}
	return o
}

func passOperations(p Pass, binary bool) PassOperations {
	o := PassOperations{Dense: float64(p.MACs), EffectiveMACs: float64(p.MACsEffective), WeightReads: float64(p.WeightReads)}
	if binary {
		o.EffectiveMACs, o.EffectiveACs = 0, o.EffectiveMACs
	}
	return o
}

func updateOperations(u Update) UpdateOperations {
	o := UpdateOperations{float64(u.M0), u.M1, float64(u.M0), float64(u.WeightReads), float64(u.WeightWrites), nil, nil}
	if m := u.Memory; m.Known {
		o.Memory = &MemoryOperations{float64(m.Reads), float64(m.Writes)}
	}
	if a := u.Accumulate; a.Known {
		o.Accumulate = &AccumulateOperations{float64(a.Updates), a.Amount, float64(a.Reads), float64(a.Writes), float64(a.GradientUpdates)}
	}
	return o
}

// numbers lists what is counted.
func (o *LayerOperations) numbers() []*float64 {
	f, b, u := &o.Forward, &o.Backward, &o.Update
	all := []*float64{
		&f.Dense, &f.EffectiveMACs, &f.EffectiveACs, &f.WeightReads,
		&b.Dense, &b.EffectiveMACs, &b.EffectiveACs, &b.WeightReads,
		&u.SynapticChanges, &u.ChangeAmount, &u.Additions, &u.WeightReads, &u.WeightWrites,
	}
	if m := u.Memory; m != nil {
		all = append(all, &m.Reads, &m.Writes)
	}
	if a := u.Accumulate; a != nil {
		all = append(all, &a.Updates, &a.Amount, &a.Reads, &a.Writes, &a.GradientUpdates)
	}
	return all
}

func (o *LayerOperations) divide(by float64) {
	for _, n := range o.numbers() {
		if by == 0 {
			*n = 0
			continue
		}
		*n /= by
	}
}

func (o *LayerOperations) add(p LayerOperations) {
	to := o.numbers()
	for i, n := range p.numbers() {
		*to[i] += *n
	}
}
