package pulsed_test

import (
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	_ "ergon/masks/rules"
)

// Boltzmann machines have no factors to send: errors of their visible biases, and of pairs, are not those of a gradient.
func TestNoFactorsToSend(t *testing.T) {
	rule, err := maskstest.Decode(map[string]any{"optimizer": map[string]any{"kind": "pulsed"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, layers := range map[string][]masks.Layer{
		"":           {{In: 3, Out: 2, Bias: true}, {In: 2, Out: 3, Bias: true}},
		"tied":       {{In: 3, Out: 2, Bias: true}, {In: 2, Out: 3, Tied: true, Bias: true}},
		"triangular": {{In: 3, Out: 3, Bias: true, Triangular: true}},
	} {
		_, err := cpu.NewUpdater(rule, masks.Network{Layers: layers, Classes: 2}, 1, nil)
		if (err == nil) != (name == "") || err != nil && !strings.Contains(err.Error(), "factors of gradients") {
			t.Errorf("%q: error %v", name, err)
		}
	}
}
