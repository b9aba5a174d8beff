package descent

import (
	"ergon/datasets"
	"ergon/graph"
	"ergon/masks"
	"ergon/masks/cpu"
)

// trial is a rule that makes updates at weights which stay as they are.
type trial struct {
	Rule
	updater *cpu.Updater
	net     masks.Network
}

func newTrial(rule Rule, net masks.Network, seed uint64) (*trial, error) {
	u, err := rule.updater(net, seed)
	return &trial{rule, u, net}, err
}

// learn makes the update of the batch that p has run. It changes the machine's weights by Δ, and
// returns the counts of each layer, valid until the next call; nil: the gate lets nothing through.
func (t *trial) learn(m *machine, set *datasets.Set, batch []int32, p *graph.Program) ([]masks.Change, error) {
	if p.Open() == 0 {
		t.updater.Rest(p.Batch)
		return nil, nil
	}
	m.labels = m.labels[:0]
	for b, i := range batch {
		if label, ok := set.Label(int(i)); ok && p.IsOpen(b) {
			m.labels = append(m.labels, int32(label))
		}
	}
	presented := masks.Presentation{Batch: p.Batch, Rows: p.Rows(), Labels: m.labels, Activity: [][]float32{p.X}}
	for l := range p.Layers() {
		presented.Activity = append(presented.Activity, p.Postsynaptic(l))
		presented.Errors = append(presented.Errors, p.Error(l))
	}
	t.updater.Present(presented)
	if err := t.updater.Step(p.Parameters()); err != nil {
		return nil, err
	}
	return t.updater.Changes(), nil
}

// along returns -Δ·ḡ of each layer, where Δ is what the machine's weights differ by from those
// that were before, and puts these back.
func along(m *machine, net masks.Network, before, mean [][]float32) []float64 {
	sums := make([]float64, len(net.Layers))
	for a, s := range masks.Arrays(net.Layers) {
		sums[s.Layer] -= difference(m.weights[a], before[a], mean[a])
		copy(m.weights[a], before[a])
	}
	return sums
}

// difference returns Σ (w-v)·g. Four sums hide the latency of an addition.
func difference(w, v, g []float32) float64 {
	var sums [4]float64
	for len(w) >= 4 && len(v) >= 4 && len(g) >= 4 {
		w4, v4, g4 := (*[4]float32)(w), (*[4]float32)(v), (*[4]float32)(g)
		for k, x := range w4 {
			sums[k] += float64(x-v4[k]) * float64(g4[k])
		}
		w, v, g = w[4:], v[4:], g[4:]
	}
	for k, x := range w {
		sums[k] += float64(x-v[k]) * float64(g[k])
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3])
}
