package energy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Operations are the ledger's numbers, layer by layer, and their sums.
func TestOperations(t *testing.T) {
	l := account()
	l.BinaryInput = true
	got := l.Operations(2)
	want := []LayerOperations{
		{
			Forward: PassOperations{Dense: 500, EffectiveACs: 200, WeightReads: 55}, Backward: PassOperations{Dense: 450, EffectiveACs: 150},
			Update: UpdateOperations{3.5, 0.25, 3.5, 3.5, 3.5},
		},
		{
			Forward: PassOperations{Dense: 50, EffectiveMACs: 25, WeightReads: 5.5}, Backward: PassOperations{Dense: 100, EffectiveMACs: 40, WeightReads: 5},
			Update: UpdateOperations{1.5, 0.125, 1.5, 1.5, 1.5},
		},
	}
	if diff := cmp.Diff(want, got.Layers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	total := LayerOperations{
		Layer:   "all",
		Forward: PassOperations{550, 25, 200, 60.5}, Backward: PassOperations{550, 40, 150, 5}, Update: UpdateOperations{5, 0.375, 5, 5, 5},
	}
	if diff := cmp.Diff(total, got.Total); diff != "" {
		t.Errorf("total (-want +got):\n%s", diff)
	}
	if total := NewLedger([]Layer{{Name: "layer 1"}}).Operations(0).Total; total != (LayerOperations{Layer: "all"}) {
		t.Errorf("of no presentations: %+v", total)
	}
}
