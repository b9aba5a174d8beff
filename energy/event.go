package energy

import (
	"fmt"
	"math"
)

// Stage is a part of learning that is priced by itself.
type Stage string

// The stages of a step.
const (
	Forward     Stage = "forward"     // pass
	Backward    Stage = "backward"    // pass
	Sampled     Stage = "sampling"    // of the model by itself
	Updating    Stage = "update"      // of the synapses that changed
	Maintaining Stage = "maintenance" // of all synapses, changed or not
)

// Stages are all stages, in the order of a step.
var Stages = []Stage{Forward, Backward, Sampled, Updating, Maintaining}

// Event is something that occurs in a run and can have a price. Its name is its
// key in a price table.
type Event string

// The events. Some are two views of the same thing, of which a table charges one:
// a changed synapse is an addition, a read and a write to a processor, and one
// synaptic change to a nervous system.
const (
	MAC            Event = "mac"             // a multiply-accumulate of a pass, skippable or not
	AC             Event = "ac"              // a MAC whose activity is -1, 0 or 1: an addition alone
	EffectiveMAC   Event = "effective_mac"   // a MAC without a zero activity or error; a spike's arrival at a synapse
	ActiveUnit     Event = "active_unit"     // a unit with output ≠ 0 in a presentation; a spike
	WeightRead     Event = "weight_read"     // of a weight, or of a number that the rule remembers beside it, from memory on the chip
	DRAMRead       Event = "dram_read"       // the same, where weights lie in memory off the chip
	WeightWrite    Event = "weight_write"    // of a weight, or of a number that the rule remembers beside it, to memory on the chip
	DRAMWrite      Event = "dram_write"      // the same, where weights lie in memory off the chip
	Add            Event = "add"             // of Δw to a weight
	SynapticChange Event = "synaptic_change" // a synapse with Δw ≠ 0: M0
	ChangeAmount   Event = "change_amount"   // a unit of Σ|Δw|: M1
	Kept           Event = "maintenance"     // a synapse kept for a second
)

// Occurrence says what an event is and where it occurs.
type Occurrence struct {
	Event  Event   `json:"event"`
	Doc    string  `json:"doc"` // in the plural
	Stages []Stage `json:"stages"`
}

// Events are all events that can have a price.
var Events = []Occurrence{
	{MAC, "multiply-accumulates", []Stage{Forward, Backward, Sampled}},
	{AC, "accumulates", []Stage{Forward, Backward, Sampled}},
	{EffectiveMAC, "effective multiply-accumulates", []Stage{Forward, Backward, Sampled}},
	{ActiveUnit, "active units", []Stage{Forward, Sampled}},
	{WeightRead, "weight reads", []Stage{Forward, Backward, Sampled, Updating}},
	{DRAMRead, "weight reads from DRAM", []Stage{Forward, Backward, Sampled, Updating}},
	{WeightWrite, "weight writes", []Stage{Updating}},
	{DRAMWrite, "weight writes to DRAM", []Stage{Updating}},
	{Add, "additions of Δw", []Stage{Updating}},
	{SynapticChange, "synaptic changes", []Stage{Updating}},
	{ChangeAmount, "units of Σ|Δw|", []Stage{Updating}},
	{Kept, "synapse·presentations", []Stage{Maintaining}},
}

// occurrenceOf returns what is known of an event.
func occurrenceOf(e Event) (o Occurrence, ok bool) {
	for _, o := range Events {
		if o.Event == e {
			return o, true
		}
	}
	return o, false
}

// occurrences returns how often each event occurred in each stage, in all layers.
func (l *Ledger) occurrences() map[Stage]map[Event]float64 {
	var forward, backward Pass
	update := Update{Memory: Memory{Known: true}} // it lies with the weights
	var kept, active int64
	for _, y := range l.Layers {
		forward.add(y.Forward)
		backward.add(y.Backward)
		update.add(y.Update)
		kept += y.Maintenance.SynapsePresentations
		active += y.ActiveUnits
	}
	reads, writes := float64(update.WeightReads+update.Memory.Reads), float64(update.WeightWrites+update.Memory.Writes)
	pass := func(p Pass, additions int64) map[Event]float64 {
		return map[Event]float64{
			MAC: float64(p.MACs - additions), AC: float64(additions), EffectiveMAC: float64(p.MACsEffective),
			WeightRead: float64(p.WeightReads), DRAMRead: float64(p.WeightReads),
		}
	}
	all := map[Stage]map[Event]float64{
		Forward: pass(forward, l.additions(Forward)), Backward: pass(backward, l.additions(Backward)),
		Updating: {
			Add: float64(update.M0), SynapticChange: float64(update.M0), ChangeAmount: update.M1,
			WeightRead: reads, DRAMRead: reads, WeightWrite: writes, DRAMWrite: writes,
		},
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

// howMany writes a number of events: 12 weight writes, 0.53 units of Σ|Δw|.
func howMany(n float64, e Event) string {
	o, _ := occurrenceOf(e)
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return fmt.Sprintf("%.0f %s", n, o.Doc)
	}
	return fmt.Sprintf("%.6g %s", n, o.Doc)
}
