package energy

// occurrences returns how often each event occurred in each stage, in all layers.
func (l *Ledger) occurrences() map[Stage]map[Event]float64 {
	var forward, backward Pass
	update := Update{Memory: Memory{Known: true}, Accumulate: Accumulate{Known: true}}
	var kept, active int64
	for _, y := range l.Layers {
		forward.add(y.Forward)
		backward.add(y.Backward)
		update.add(&y.Update)
		kept += y.Maintenance.SynapsePresentations
		active += y.ActiveUnits
	}
	pass := func(p Pass, additions int64) map[Event]float64 {
		return map[Event]float64{
			MAC: float64(p.MACs - additions), AC: float64(additions), EffectiveMAC: float64(p.MACsEffective),
			WeightRead: float64(p.WeightReads), DRAMRead: float64(p.WeightReads),
		}
	}
	all := map[Stage]map[Event]float64{
		Forward: pass(forward, l.additions(Forward)), Backward: pass(backward, l.additions(Backward)),
		Updating: updates(update), Accumulating: accumulations(update.Accumulate),
		Maintaining: {Kept: float64(kept)},
	}
	all[Forward][ActiveUnit] = float64(active)
	if s := l.total.Sampling; s != nil {
		all[Sampled] = map[Event]float64{
			MAC: float64(s.MACs - s.Additions), AC: float64(s.Additions), EffectiveMAC: float64(s.MACsEffective), ActiveUnit: float64(s.ActiveHidden + s.ActiveVisible),
			WeightRead: float64(s.WeightReads), DRAMRead: float64(s.WeightReads),
		}
	}
	return all
}

// updates returns how often each event occurred in updates.
func updates(u Update) map[Event]float64 {
	reads, writes := float64(u.WeightReads), float64(u.WeightWrites)
	return map[Event]float64{
		Add: float64(u.M0), SynapticChange: float64(u.M0), ChangeAmount: u.M1,
		WeightRead: reads, DRAMRead: reads, WeightWrite: writes, DRAMWrite: writes,
		MemoryRead: float64(u.Memory.Reads), MemoryWrite: float64(u.Memory.Writes),
	}
}

// accumulations returns how often each event occurred beside the weights, but for the traffic
// that is in [Memory] and charged to updates.
func accumulations(a Accumulate) map[Event]float64 {
	return map[Event]float64{
		Add: float64(a.Writes), MemoryRead: float64(a.Reads), MemoryWrite: float64(a.Writes),
		AccumulatorUpdate: float64(a.Updates), AccumulatedAmount: a.Amount, GradientUpdate: float64(a.GradientUpdates),
	}
}

// additions returns how many MACs of a pass have a binary activity: those of the
// first layer, if the inputs are binary. It passes no error on, so that all its
// backward MACs are those of dW = xᵀ·dz.
func (l *Ledger) additions(s Stage) int64 {
	switch {
	case !l.BinaryInput || len(l.Layers) == 0:
		return 0
	case s == Forward:
		return l.Layers[0].Forward.MACs
	}
	return l.Layers[0].Backward.MACs
}
