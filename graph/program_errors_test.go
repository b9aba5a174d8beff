package graph_test

import (
	"math"
	"testing"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/philox"
)

// Errors of live units are those of a run that computes all; the others still tell which
// of them are not zero.
func TestLimitedErrors(t *testing.T) {
	for _, f := range []activation.Activation{activation.ReLU{}, activation.Tanh{}, activation.Linear{}} {
		for _, batch := range []int{1, 7} {
			for _, silent := range []bool{false, true} {
				checkLimited(t, f, batch, silent, [][]int32{{}, nil, nil}) // the lowest layer is frozen
				checkLimited(t, f, batch, silent, [][]int32{{3, 4, 17}, nil, nil})
				checkLimited(t, f, batch, silent, [][]int32{{}, {0, 5}, nil})
				checkLimited(t, f, batch, silent, [][]int32{{}, {}, nil})
				checkLimited(t, f, batch, silent, [][]int32{nil, nil, nil})
			}
		}
	}
}

// checkLimited checks a network, some of whose units may have no synapses but zeros.
func checkLimited(t *testing.T, f activation.Activation, batch int, silent bool, live [][]int32) {
	t.Helper()
	spec := models.MLP{Hidden: []int{19, 13}, Activation: f, Output: activation.Linear{}, Bias: "true", Init: models.He{}, Loss: loss.SoftmaxXent{}}
	model, err := spec.New(23, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	if silent {
		clear(model.Layers()[1].W[2*13 : 5*13])
		clear(model.Layers()[2].W[4*5 : 6*5])
	}
	p, err := graph.CompileTraining(model, graphtest.Open(t, engine.Spec{Threads: 2}), batch, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	stream := philox.New(7, "test/wanted")
	for i := range p.X {
		p.X[i] = float32(stream.Normal(0, uint64(i)))
	}
	clear(p.Target)
	for b := range batch {
		p.Target[b*5] = 1
	}
	run := func(live [][]int32) (errors [][]float32) {
		for l, units := range live {
			p.LimitErrors(l, units)
		}
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		for l := range p.Layers() {
			errors = append(errors, append([]float32(nil), p.Error(l)...))
		}
		return errors
	}
	some, all := run(live), run([][]int32{nil, nil, nil})
	for l, units := range live {
		width := len(all[l]) / batch
		looked := make([]bool, width)
		for i := range looked {
			looked[i] = units == nil
		}
		for _, i := range units {
			looked[i] = true
		}
		for i, want := range all[l] {
			got := some[l][i]
			if batch == 1 && looked[i%width] && math.Float32bits(got) != math.Float32bits(want) {
				t.Fatalf("%T, live units %v: error %d of layer %d of a single presentation is %v, want the bits of %v", f, live, i, l+1, got, want)
			}
			if (got == 0) != (want == 0) || looked[i%width] && math.Abs(float64(got-want)) > 1e-6*math.Abs(float64(want))+1e-9 {
				t.Fatalf("%T, batch %d, live units %v: error %d of layer %d is %v, want %v", f, batch, live, i, l+1, got, want)
			}
		}
	}
}
