package train

import (
	"math"
	"testing"
)

// The engines agree on which presentations to learn from and which errors to propagate.
func TestEnginesGateAndFilterAlike(t *testing.T) {
	for name, settings := range map[string][]string{
		"lazy":             {"rule.gate=lazy"},
		"lazy, unsure":     {"rule.gate={kind: lazy, threshold: 0.6}"},
		"lazy, one by one": {"rule.gate={kind: lazy, threshold: 0.6}", "train.batch=1"},
		"meprop":           {"rule.error={kind: meprop, k: 4}"},
		"unified meprop":   {"rule.error={kind: meprop, k: 4, unified: true}"},
		"lazy and meprop":  {"rule.gate=lazy", "rule.error={kind: meprop, k: 4}"},
	} {
		t.Run(name, func(t *testing.T) {
			slow := begin(t, load(t, tiny, append(settings, "engine.device=reference")...))
			fast := begin(t, load(t, tiny, settings...))
			for step := range 200 {
				advance(t, slow)
				advance(t, fast)
				if d := math.Abs(slow.Loss-fast.Loss) / slow.Loss; d > 1e-5 {
					t.Fatalf("step %d: losses %v and %v differ by %.1e", step, slow.Loss, fast.Loss, d)
				}
				if a, b := slow.Ledger.Last(), fast.Ledger.Last(); a.M0 != b.M0 || a.MACsEff != b.MACsEff {
					t.Fatalf("step %d: M0 %d and %d, effective MACs %d and %d", step, a.M0, b.M0, a.MACsEff, b.MACsEff)
				}
			}
		})
	}
}

// A filter that keeps every unit, whatever its size, is the plain run, to the bit.
func TestMePropOfAllUnitsIsThePlainRun(t *testing.T) {
	for _, batch := range []string{"train.batch=1", "train.batch=8"} {
		_, want := record(t, load(t, tiny, batch))
		for _, unified := range []string{"false", "true"} {
			filter := "rule.error={kind: meprop, k: 12, unified: " + unified + "}" // of 12 and 9 units
			if _, got := record(t, load(t, tiny, batch, filter)); got != want {
				t.Errorf("%s, unified %s: other metrics than the plain run:\n%s%s", batch, unified, got, want)
			}
		}
	}
}

// The effective MACs of a backward pass are those of the k errors that are kept.
func TestMePropSavesMACs(t *testing.T) {
	r := begin(t, load(t, tiny, "rule.mask=full", "rule.error={kind: meprop, k: 3}", "model.activation=tanh", "train.batch=8"))
	advance(t, r)
	layers := r.Ledger.Layers
	// presentations × inputs × errors kept, for dW and, above the first layer, for dx.
	for l, want := range []int64{8 * 20 * 3, 2 * 8 * 12 * 3} {
		if got := layers[l].Backward.MACsEffective; got != want {
			t.Errorf("layer %d: %d effective MACs, want %d", l+1, got, want)
		}
	}
}
