package energy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Operations are the ledger's numbers, layer by layer, and their sums.
func TestOperations(t *testing.T) {
	l := account()
	l.BinaryInput = true
	l.Layers[0].Update.Memory, l.Layers[1].Update.Memory = Memory{20, 10, true}, Memory{2, 4, true}
	l.Layers[0].Update.Accumulate = Accumulate{Updates: 40, Amount: 0.5, Reads: 60, Writes: 30, GradientUpdates: 8, Known: true}
	got := l.Operations(2)
	want := []LayerOperations{
		{
			Forward: PassOperations{Dense: 500, EffectiveACs: 200, WeightReads: 55}, Backward: PassOperations{Dense: 450, EffectiveACs: 150},
			Update: UpdateOperations{3.5, 0.25, 3.5, 3.5, 3.5, &MemoryOperations{10, 5}, &AccumulateOperations{20, 0.25, 30, 15, 4}},
		},
		{
			Forward: PassOperations{Dense: 50, EffectiveMACs: 25, WeightReads: 5.5}, Backward: PassOperations{Dense: 100, EffectiveMACs: 40, WeightReads: 5},
			Update: UpdateOperations{1.5, 0.125, 1.5, 1.5, 1.5, &MemoryOperations{1, 2}, &AccumulateOperations{}},
		},
	}
	if diff := cmp.Diff(want, got.Layers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	total := LayerOperations{
		Layer:   "all",
		Forward: PassOperations{550, 25, 200, 60.5}, Backward: PassOperations{550, 40, 150, 5}, Update: UpdateOperations{5, 0.375, 5, 5, 5, &MemoryOperations{11, 7}, &AccumulateOperations{20, 0.25, 30, 15, 4}},
	}
	if diff := cmp.Diff(total, got.Total); diff != "" {
		t.Errorf("total (-want +got):\n%s", diff)
	}
	total = LayerOperations{Layer: "all", Update: UpdateOperations{Memory: &MemoryOperations{}, Accumulate: &AccumulateOperations{}}}
	if diff := cmp.Diff(total, NewLedger([]Layer{{Name: "layer 1"}}).Operations(0).Total); diff != "" {
		t.Errorf("of no presentations (-want +got):\n%s", diff)
	}
	nothing := l.Operations(0)
	for _, n := range nothing.Total.numbers() {
		if *n != 0 {
			t.Errorf("%v operations over no presentations, want 0", *n)
		}
	}
	l.ForgetMemory("nobody knows")
	if got := l.Operations(2); got.Total.Update.Memory != nil || got.Layers[1].Update.Memory != nil || got.Total.Update.Accumulate == nil {
		t.Errorf("what is not known is %+v", got.Total.Update.Memory)
	}
	l.ForgetAccumulate("nobody knows")
	if got := l.Operations(2); got.Total.Update.Accumulate != nil || got.Layers[0].Update.Accumulate != nil {
		t.Errorf("what is not known is %+v", got.Total.Update.Accumulate)
	}
}
