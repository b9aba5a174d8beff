package masks_test

import (
	"testing"

	"ergon/masks"
)

// Of a triangular layer half of the places are synapses; those of a fixed one do not count.
func TestEndured(t *testing.T) {
	net := masks.Network{Layers: []masks.Layer{
		{In: 3, Out: 3, Triangular: true, Bias: true}, {In: 3, Out: 2, Fixed: true},
	}}
	w, byMemory := masks.NewWrites(masks.Arrays(net.Layers), nil)
	if byMemory || *w.Endured(net) != (masks.Endured{Unwritten: 1}) {
		t.Fatalf("before any write %+v", w.Endured(net))
	}
	w.Counts[0][1], w.Counts[1][0] = 5, 1
	w.Counts[2][3] = 100 // no rule does
	if got, want := *w.Endured(net), (masks.Endured{Max: 5, Mean: 1, Unwritten: 4. / 6}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if w.Unknown = "nobody looked"; w.Endured(net) != nil {
		t.Errorf("%+v, and %s", w.Endured(net), w.Unknown)
	}
}

// Nobody counts for counts that are nil.
func TestCountsOfNobody(t *testing.T) {
	var none masks.Counts
	if none.Add(0, 0); none.From(1, 2) != nil {
		t.Error("nothing has counts")
	}
}
