package train

import (
	"fmt"
	"math"
	"testing"

	"ergon/masks/maskstest"
)

// ⟨|x|²⟩ is that of the examples one by one, more of them than are gathered at a time, and does
// not count constant inputs.
func TestInputPower(t *testing.T) {
	r := begin(t, load(t, tiny, "data.train=600", "model.bias=unit", "rule.optimizer={kind: sgd, rate: relative}"))
	set, x, want := r.Data.Train, make([]float32, r.Data.Train.Inputs()), 0.0
	for i := range set.Len() {
		set.Gather([]int32{int32(i)}, x, len(x), nil)
		for _, v := range x {
			want += float64(v) * float64(v) / 600
		}
	}
	if got := r.network().InputPower; math.Abs(got-want) > 1e-12*want {
		t.Errorf("⟨|x|²⟩ = %v, want %v", got, want)
	}
	if other := begin(t, load(t, tiny)); other.network().InputPower != 0 {
		t.Error("inputs are looked at for a rule that does not ask")
	}
}

// A relative rate is lr/(1 + ⟨|x|²⟩): the same run, to the bit, as with that rate, and reported as it.
func TestRelativeRate(t *testing.T) {
	relative := begin(t, load(t, tiny, "rule.optimizer={kind: sgd, lr: 3, half: 20, rate: relative}"))
	rate := 3 / (1 + relative.network().InputPower)
	absolute := begin(t, load(t, tiny, fmt.Sprintf("rule.optimizer={kind: sgd, lr: %v, half: 20}", rate)))
	for range 30 {
		for _, r := range []*Run{relative, absolute} {
			if err := r.Step(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !maskstest.SameBits(relative.weights, absolute.weights) {
		t.Error("other weights than at the same absolute rate")
	}
	want := rate / (1 + 30.0/20)
	if got, ok := relative.learningRate(); !ok || math.Abs(got-want) > 1e-12*want {
		t.Errorf("the rate after 30 steps is %v, want %v", got, want)
	}
	if got, _ := absolute.learningRate(); math.Abs(got-want) > 1e-12*want {
		t.Errorf("the absolute rate after 30 steps is %v, want %v", got, want)
	}
}
