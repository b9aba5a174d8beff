package accumulate_test

import (
	"slices"
	"testing"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"ergon/internal/parallel"
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	_ "ergon/masks/rules"
)

// small is a network of arrays of 7·5, 5, 5·3 and 3 synapses.
var small = masks.Network{Layers: []masks.Layer{{In: 7, Out: 5, Bias: true}, {In: 5, Out: 3, Bias: true}}, Classes: maskstest.Classes}

// large has an array of several chunks.
var large = masks.Network{Layers: []masks.Layer{{In: 300, Out: 31, Bias: true}, {In: 31, Out: 3, Bias: true}}, Classes: maskstest.Classes}

// rate is the learning rate of the runs of these tests.
const rate = 0.125

// run is a rule that learns from random presentations by plain descent.
type run struct {
	*maskstest.Network
	updater *cpu.Updater
	start   [][]float32 // weights before the first step
}

// newRun makes a run with a cache, on three cores.
func newRun(t *testing.T, net masks.Network, cache map[string]any) *run {
	t.Helper()
	rule, err := maskstest.Decode(map[string]any{"optimizer": map[string]any{"kind": "sgd", "lr": rate}, "cache": cache})
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(3)
	t.Cleanup(pool.Close)
	u, err := cpu.NewUpdater(rule, net, 1, pool)
	if err != nil {
		t.Fatal(err)
	}
	r := &run{Network: maskstest.NewNetwork(net.Layers, 1), updater: u}
	r.start = r.weights()
	return r
}

// weights returns copies of the weights.
func (r *run) weights() [][]float32 { return maskstest.Weights(plain(r.Parameters)) }

// plain returns the parameters as what has weights.
func plain(parameters []G.ValueGrad) (all []G.ValueGrad) {
	for _, p := range parameters {
		if product, ok := p.(*maskstest.Product); ok {
			p = product.Parameter
		}
		all = append(all, p)
	}
	return all
}

// step makes a step, and returns the update of plain descent, array by array.
func (r *run) step(t *testing.T, number uint64, batch int) (updates [][]float32) {
	t.Helper()
	p, err := r.Present(number, batch, true, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, parameter := range r.Parameters {
		g, err := parameter.Grad()
		if err != nil {
			t.Fatal(err)
		}
		update := slices.Clone(g.(*tensor.Dense).Float32s())
		for i := range update {
			update[i] *= -rate
		}
		updates = append(updates, update)
	}
	r.Again()
	r.updater.Present(p)
	if err := r.updater.Step(r.Parameters); err != nil {
		t.Fatal(err)
	}
	return updates
}

// accumulators returns copies of the accumulators.
func (r *run) accumulators() (all [][]float32) {
	for _, a := range r.updater.Memory().(masks.Accumulator).Accumulators() {
		all = append(all, slices.Clone(a))
	}
	return all
}

// layers returns the layer of each array.
func layers(net masks.Network) (of []int) {
	for _, s := range masks.Arrays(net.Layers) {
		of = append(of, s.Layer)
	}
	return of
}
