package maskstest

import (
	"pgregory.net/rapid"

	"ergon/masks"
)

// watched is a network whose steps optimizers begin, and see if they are Watching.
type watched struct {
	network *Network
	all     []*masks.Synapses
	batch   int
}

// newWatched makes a network, with weights drawn from a seed.
func newWatched(t *rapid.T, net masks.Network, seed uint64) *watched {
	return &watched{NewNetwork(net.Layers, seed), masks.Arrays(net.Layers), rapid.IntRange(1, 3).Draw(t, "batch")}
}

// begin begins a step of drawn presentations on optimizers.
func (w *watched) begin(t *rapid.T, number uint64, optimizers ...masks.Optimizer) {
	presented, err := w.network.Present(number, w.batch, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := bind(w.all, w.network, false); err != nil {
		t.Fatal(err)
	}
	step := masks.Step{Number: number, Arrays: w.all, Outer: w.batch == 1, Presentation: presented}
	for _, o := range optimizers {
		if watching, ok := o.(masks.Watching); ok {
			if err := watching.Watch(&step); err != nil {
				t.Fatal(err)
			}
		}
		o.Begin()
	}
}
