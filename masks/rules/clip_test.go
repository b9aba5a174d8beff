package rules

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
)

// clipped returns the updates of one step of a two-layer network under a clip,
// array by array.
func clipped(t *testing.T, clip masks.Clip) [][]float64 {
	t.Helper()
	layers := []masks.Layer{{In: 50, Out: 20, Bias: true}, {In: 20, Out: 10, Bias: true}}
	rule := Default()
	rule.Clip = clip
	u, err := cpu.NewUpdater(rule, masks.Network{Layers: layers}, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	parameters := maskstest.Parameters(layers, 1)
	for _, p := range parameters { // from zero, so that the weights are the update
		clear(p.(maskstest.Parameter).Weights())
	}
	maskstest.Differentiate(parameters, 0)
	if err := u.Step(parameters); err != nil {
		t.Fatal(err)
	}
	var updates [][]float64
	for _, w := range maskstest.Weights(parameters) {
		update := make([]float64, len(w))
		for i, d := range w {
			update[i] = float64(d)
		}
		updates = append(updates, update)
	}
	return updates
}

func lengthOf(vectors ...[]float64) float64 {
	square := 0.0
	for _, v := range vectors {
		for _, x := range v {
			square += x * x
		}
	}
	return math.Sqrt(square)
}

func largestOf(v []float64) (largest float64) {
	for _, x := range v {
		largest = max(largest, math.Abs(x))
	}
	return largest
}

// Each layer has its own bound, which holds for its biases too.
func TestClipValueOfEachLayer(t *testing.T) {
	for a, update := range clipped(t, &ClipValue{[]float64{0.002, 0.0005}}) {
		want := []float64{0.002, 0.002, 0.0005, 0.0005}[a]
		if got := largestOf(update); got != float64(float32(want)) {
			t.Errorf("array %d: largest change %v, want %v", a, got, want)
		}
	}
}

// By layer, a vector of weights and biases longer than the bound is scaled to it; a
// shorter one stays as it is.
func TestClipNormOfEachLayer(t *testing.T) {
	free := clipped(t, masks.NoClip{})
	bound := (lengthOf(free[:2]...) + lengthOf(free[2:]...)) / 2 // between the two
	got := clipped(t, &ClipNorm{bound, "layer"})
	for l, arrays := range [][2]int{{0, 2}, {2, 4}} {
		before, after := lengthOf(free[arrays[0]:arrays[1]]...), lengthOf(got[arrays[0]:arrays[1]]...)
		if want := min(before, bound); math.Abs(after-want) > 1e-6*want {
			t.Errorf("layer %d: update of length %v became %v, want %v", l+1, before, after, want)
		}
	}
	shorter := 2
	if lengthOf(free[:2]...) < lengthOf(free[2:]...) {
		shorter = 0
	}
	if !slices.Equal(free[shorter], got[shorter]) {
		t.Error("the layer whose update was short enough was scaled")
	}
	whole := clipped(t, &ClipNorm{bound, "network"})
	if length := lengthOf(whole...); math.Abs(length-bound) > 1e-6*bound {
		t.Errorf("the network's update has length %v, want %v", length, bound)
	}
}

func TestClipValueOfAnotherNetwork(t *testing.T) {
	rule := Default()
	rule.Clip = &ClipValue{[]float64{1, 2, 3}}
	_, err := cpu.NewUpdater(rule, masks.Network{Layers: []masks.Layer{{In: 3, Out: 2}, {In: 2, Out: 1}}}, 1, nil)
	if want := "rule.clip.bound: 3 numbers for 2 layers"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}
