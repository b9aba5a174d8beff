package rules

import (
	"math"
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/reference"
)

func TestLazyOpens(t *testing.T) {
	second := []float32{0, 1, 0}
	// Softmax of (0, ln 2, 0) is (1/4, 1/2, 1/4).
	half := []float32{0, float32(math.Ln2), 0}
	for _, c := range []struct {
		threshold float64
		output    []float32
		want      bool
	}{
		{0, []float32{-1, 2, 1}, false},
		{0, []float32{3, 2, 1}, true},
		{0, []float32{2, 2, 1}, true},  // a tie: the first counts as largest, and is wrong
		{0, []float32{1, 2, 2}, false}, // a tie: the first is right
		{0.51, half, true},
		{0.49, half, false},
		{1, []float32{-1000, 1000, 0}, false}, // certain to the last bit
		{1.1, []float32{-1000, 1000, 0}, true},
	} {
		if got := (&Lazy{c.threshold}).Opens(c.output, second); got != c.want {
			t.Errorf("threshold %v, output %v: opens %v, want %v", c.threshold, c.output, got, c.want)
		}
	}
}

func TestLazyNeedsClasses(t *testing.T) {
	rule := Default()
	rule.Gate = &Lazy{}
	for problem, net := range map[string]masks.Network{
		"rule.gate.kind: lazy learns from misclassified": {Layers: []masks.Layer{{In: 3, Out: 2}}},
		"rule.gate.kind: lazy compares the outputs":      {Layers: []masks.Layer{{In: 3, Out: 1}}, Classes: 2},
	} {
		_, err := cpu.NewUpdater(rule, net, 1, nil)
		if err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("error %v, want %q", err, problem)
		}
		if _, err := reference.NewUpdater(rule, net, 1); err == nil {
			t.Errorf("the reference does not object that %s", problem)
		}
	}
	if _, err := cpu.NewUpdater(rule, masks.Network{Layers: []masks.Layer{{In: 3, Out: 2}}, Classes: 2}, 1, nil); err != nil {
		t.Error(err)
	}
}
