package energy

import (
	"fmt"
	"math"
)

// Stage is a part of learning that is priced by itself.
type Stage string

// The stages of a step.
const (
	Forward      Stage = "forward"     // pass
	Backward     Stage = "backward"    // pass
	Sampled      Stage = "sampling"    // of the model by itself
	Updating     Stage = "update"      // of the synapses that changed
	Accumulating Stage = "accumulate"  // of what changes beside them
	Maintaining  Stage = "maintenance" // of all synapses, changed or not
)

// Stages are all stages, in the order of a step.
var Stages = []Stage{Forward, Backward, Sampled, Updating, Accumulating, Maintaining}

// Event is something that occurs in a run and can have a price. Its name is its
// key in a price table.
type Event string

// The events. Some are two views of the same thing, of which a table charges one:
// a changed synapse is an addition, a read and a write to a processor, and one
// synaptic change to a nervous system. So is a changed accumulator.
const (
	MAC               Event = "mac"                // a multiply-accumulate of a pass, skippable or not
	AC                Event = "ac"                 // a MAC whose activity is -1, 0 or 1: an addition alone
	EffectiveMAC      Event = "effective_mac"      // a MAC without a zero activity or error; a spike's arrival at a synapse
	ActiveUnit        Event = "active_unit"        // a unit with output ≠ 0 in a presentation; a spike
	WeightRead        Event = "weight_read"        // of a weight from memory on the chip
	DRAMRead          Event = "dram_read"          // the same, where weights lie in memory off the chip
	WeightWrite       Event = "weight_write"       // of a weight to memory on the chip
	DRAMWrite         Event = "dram_write"         // the same, where weights lie in memory off the chip
	MemoryRead        Event = "memory_read"        // of a number that the rule keeps beside the weights; not charged: a read of a weight
	MemoryWrite       Event = "memory_write"       // of such a number; not charged: a write of a weight
	Add               Event = "add"                // of Δw to a weight, or to an accumulator
	SynapticChange    Event = "synaptic_change"    // a synapse with Δw ≠ 0: M0
	ChangeAmount      Event = "change_amount"      // a unit of Σ|Δw|: M1
	AccumulatorUpdate Event = "accumulator_update" // a change of a number beside the weights
	AccumulatedAmount Event = "accumulated_amount" // a unit of Σ|Δχ| of such numbers
	GradientUpdate    Event = "gradient_update"    // an addition to the gradient of a batch
	Kept              Event = "maintenance"        // a synapse kept for a second
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
	{WeightRead, "weight reads", []Stage{Forward, Backward, Sampled, Updating, Accumulating}},
	{DRAMRead, "weight reads from DRAM", []Stage{Forward, Backward, Sampled, Updating, Accumulating}},
	{WeightWrite, "weight writes", []Stage{Updating, Accumulating}},
	{DRAMWrite, "weight writes to DRAM", []Stage{Updating, Accumulating}},
	{MemoryRead, "reads of what the rule remembers", []Stage{Updating, Accumulating}},
	{MemoryWrite, "writes of what the rule remembers", []Stage{Updating, Accumulating}},
	{Add, "additions of Δw", []Stage{Updating, Accumulating}},
	{SynapticChange, "synaptic changes", []Stage{Updating}},
	{ChangeAmount, "units of Σ|Δw|", []Stage{Updating}},
	{AccumulatorUpdate, "changes of accumulators", []Stage{Accumulating}},
	{AccumulatedAmount, "units of Σ|Δχ|", []Stage{Accumulating}},
	{GradientUpdate, "additions to the gradient of a batch", []Stage{Accumulating}},
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

// howMany writes a number of events: 12 weight writes, 0.53 units of Σ|Δw|.
func howMany(n float64, e Event) string {
	o, _ := occurrenceOf(e)
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return fmt.Sprintf("%.0f %s", n, o.Doc)
	}
	return fmt.Sprintf("%.6g %s", n, o.Doc)
}
