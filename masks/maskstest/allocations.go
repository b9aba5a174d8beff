package maskstest

import (
	"testing"

	"ergon/internal/race"
	"ergon/masks"
)

// AllocatesNothing checks that a step allocates nothing after the first few, for the
// defaults of every registered kind, and of every optimizer under every clip. The race detector
// allocates: call it without.
func AllocatesNothing(t *testing.T, make New) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	for _, stage := range Stages() {
		for _, kind := range stage.Kinds {
			t.Run(stage.Key+" "+kind.Name, func(t *testing.T) {
				allocatesNothing(t, make, map[string]any{stage.Key: kind.Name})
			})
		}
	}
	for _, optimizer := range kindsOf("optimizer") {
		for _, clip := range kindsOf("clip") {
			t.Run("optimizer "+optimizer.Name+", clip "+clip.Name, func(t *testing.T) {
				allocatesNothing(t, make, map[string]any{"optimizer": optimizer.Name, "clip": clip.Name})
			})
		}
	}
}

// allocatesNothing checks a rule of these settings.
func allocatesNothing(t *testing.T, make New, settings map[string]any) {
	net := masks.Network{Layers: []masks.Layer{{In: 60, Out: 40, Bias: true}, {In: 40, Out: 5, Bias: true}}, Classes: Classes}
	rule, err := Decode(settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, batch := range []int{1, 3} {
		s, err := make(rule, net, 1)
		if Refused(err) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		n := NewNetwork(net.Layers, 1)
		p, err := n.Present(0, batch, false, nil)
		if err != nil {
			t.Fatal(err)
		}
		step := func() {
			n.Again()
			s.Present(p)
			if err := s.Step(n.Parameters); err != nil {
				t.Fatal(err)
			}
		}
		for range 5 {
			step()
		}
		if n := testing.AllocsPerRun(20, step); n >= 1 {
			t.Errorf("batch %d: %v allocations a step", batch, n)
		}
	}
}
