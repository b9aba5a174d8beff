package energy

import (
	"slices"
	"testing"
)

// accumulating is account with something beside the weights: accumulators in the first layer, moments
// that are in Memory in the second, and the gradients of batches in both.
func accumulating() *Ledger {
	l := account()
	l.Layers[0].Update.Accumulate = Accumulate{Updates: 40, Amount: 0.5, Reads: 60, Writes: 40, GradientUpdates: 8, Known: true}
	l.Layers[1].Update.Accumulate = Accumulate{Updates: 6, GradientUpdates: 5, Known: true}
	l.Layers[1].Update.Memory = Memory{6, 6, true}
	return l
}

// What changes beside the weights is charged as an update is, for what is not in the traffic of
// memory already: 40 additions, 60 reads and 40 writes.
func TestPriceOfAccumulating(t *testing.T) {
	const processor = "mac: 0\nadd: 1\nweight_read: 10\nweight_write: 100\ndram_read: 1e4\ndram_write: 1e5\n"
	const update = 10*1 + 16*10 + 16*100 // of account, with the moments
	for name, c := range map[string]struct {
		text               string
		update, accumulate float64
	}{
		"with the weights": {processor, update, 40 + 600 + 4000},
		"memory of its own": {
			processor + "memory_read: 2\nmemory_write: 3\n",
			10*1 + 10*10 + 10*100 + 6*2 + 6*3, 40 + 60*2 + 40*3,
		},
		"off the chip":     {processor + "charges: {update: [add, dram_read, dram_write]}\n", 10 + 16e4 + 16e5, 40 + 60e4 + 40e5},
		"what is said":     {processor + "charges: {accumulate: [memory_read]}\nmemory_read: 7\n", update + 6*7 - 6*10, 60 * 7},
		"and of each":      {processor + "accumulator_update: 1e6\naccumulated_amount: 1e8\n", update, 4640 + 46e6 + 0.5e8},
		"and of gradients": {processor + "gradient_update: 1e6\n", update, 4640 + 13e6},
		"as one change":    {"synaptic_change: 2\nchange_amount: 4\naccumulator_update: 3\naccumulated_amount: 8\ncharges: {update: [synaptic_change, change_amount]}\n", 20 + 3, 46*3 + 0.5*8},
	} {
		t.Run(name, func(t *testing.T) {
			j := read(t, c.text).Price(accumulating())
			same(t, "update", j.Update, c.update)
			same(t, "accumulate", j.Accumulate, c.accumulate)
		})
	}
}

// The stage is on the bill where something that is charged happened beside the weights: not for the gradients of
// batches alone, nor for moments, whose traffic is paid as memory.
func TestBillWithoutAccumulating(t *testing.T) {
	const processor = "add: 1\nweight_read: 10\nweight_write: 100\n"
	moments := account()
	moments.Layers[0].Update.Accumulate = Accumulate{Updates: 6, GradientUpdates: 5, Known: true}
	if j := read(t, processor).Price(moments); j.Includes(Accumulating) {
		t.Errorf("on the bill: %v, %q", ratioText(j.Accumulate), j.Unpriced[Accumulating])
	}
	if j := read(t, "charges: {update: [synaptic_change]}").Price(moments); j.Accumulate != nil || j.Unpriced[Accumulating] != "6 changes of accumulators have no price" {
		t.Errorf("without a price: %v, %q", ratioText(j.Accumulate), j.Unpriced[Accumulating])
	}
	moments.ForgetAccumulate("nobody knows")
	for text, want := range map[string]string{
		processor: "nobody knows", "add: 0\nweight_read: 0\nweight_write: 0\n": "", "charges: {accumulate: [accumulator_update]}": "nobody knows", "charges: {accumulate: []}": "",
	} {
		if j := read(t, text).Price(moments); j.Accumulate != nil || j.Unpriced[Accumulating] != want {
			t.Errorf("%q, not known: %v, %q, want %q", text, ratioText(j.Accumulate), j.Unpriced[Accumulating], want)
		}
	}
}

// No event is charged twice in a built-in table, and the events of a stage occur in it.
func TestChargesOfBuiltInTables(t *testing.T) {
	for _, name := range Tables() {
		table, err := OpenTable(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range Stages {
			charged := table.Charged(s)
			for i, e := range charged {
				if !slices.Contains(eventsOf(s), e) || slices.Contains(charged[:i], e) {
					t.Errorf("%s: %s is charged for %s, among %v", name, s, e, charged)
				}
			}
		}
	}
}

// A weight of 8 bits costs 8·10.9 pJ to write and 8·1.76 pJ to read (Gural et al., arXiv 2009.03887); what is
// beside it 50 pJ a number, and an addition 0.9 pJ (Horowitz 2014).
func TestRRAM(t *testing.T) {
	table, err := OpenTable("rram_sram")
	if err != nil {
		t.Fatal(err)
	}
	j := table.Price(accumulating())
	same(t, "forward", j.Forward, 1100*4.6e-12+121*8*1.76e-12)
	same(t, "update", j.Update, 10*(0.9e-12+8*1.76e-12+8*10.9e-12)+12*50e-12)
	same(t, "accumulate", j.Accumulate, 40*0.9e-12+100*50e-12)
}

// Nobody knows what a tag at a synapse costs, and the table of counts counts it.
func TestTagsHaveNoPrice(t *testing.T) {
	brain, err := OpenTable("brain_atp")
	if err != nil {
		t.Fatal(err)
	}
	if j := brain.Price(accumulating()); j.Accumulate != nil || j.Unpriced[Accumulating] == "" {
		t.Errorf("a tag costs %v, %q", ratioText(j.Accumulate), j.Unpriced[Accumulating])
	}
	counts, err := OpenTable("unit")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "changes", counts.Price(accumulating()).Accumulate, 46)
}
