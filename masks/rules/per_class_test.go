package rules

import (
	"slices"
	"strings"
	"testing"

	"ergon/masks"
)

// A class's mask is exactly round(p·n) whole columns, the same in every step. A batch's
// mask is the union over its classes.
func TestPerClassMasks(t *testing.T) {
	layers := []masks.Layer{{In: 7, Out: 100}, {In: 100, Out: 10}}
	spec := &PerClass{0.105, "post", masks.Scope{Layers: []int{1}, Biases: true}}
	m, err := spec.New(masks.Network{Layers: layers, Classes: 10}, 3, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	first := masks.Arrays(layers)[0]
	of := func(labels ...int32) []int32 {
		t.Helper()
		if err := m.Begin(&masks.Step{Presentation: masks.Presentation{Batch: len(labels), Labels: labels}}); err != nil {
			t.Fatal(err)
		}
		return slices.Clone(m.Select(first, 0, 100, nil)) // the first row: the columns
	}
	three, eight := of(3), of(8)
	if len(three) != 10 || len(eight) != 10 { // round(10.5), half to even
		t.Errorf("classes have %d and %d neurons, want 10", len(three), len(eight))
	}
	if slices.Equal(three, eight) {
		t.Error("two maskstest.Classes have the same neurons")
	}
	if !slices.Equal(three, of(3, 3)) {
		t.Error("a class does not keep its neurons")
	}
	union := slices.Concat(three, eight)
	slices.Sort(union)
	if got := of(8, 3, 8); !slices.Equal(got, slices.Compact(union)) {
		t.Errorf("a batch of both may change %v, want %v", got, slices.Compact(union))
	}
	if !m.KeepsAll(masks.Arrays(layers)[1]) {
		t.Error("layers: [1] masks the output layer too")
	}
}

func TestPerClassNeedsLabels(t *testing.T) {
	layers := []masks.Layer{{In: 3, Out: 4}}
	spec := &PerClass{0.5, "post", masks.Scope{}}
	if _, err := spec.New(masks.Network{Layers: layers}, 1, "mask/0"); err == nil || !strings.Contains(err.Error(), "real-valued") {
		t.Errorf("error %v, want one about real-valued targets", err)
	}
	m, err := spec.New(masks.Network{Layers: layers, Classes: 4}, 1, "mask/0")
	if err != nil {
		t.Fatal(err)
	}
	for problem, labels := range map[string][]int32{"was not told": nil, "class 4 of 4": {0, 4}, "class -1": {-1}} {
		if err := m.Begin(&masks.Step{Presentation: masks.Presentation{Labels: labels}}); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("labels %v: error %v, want %q", labels, err, problem)
		}
	}
}
