package train

import (
	"math"
	"testing"

	"ergon/graph"
	"ergon/internal/simd"
	"ergon/masks"
	"ergon/masks/reference"
)

// The ledger of a run equals a brute-force recount: of updates by the reference rule on a
// second, equal network (the twin); of everything else by looking at every number of every
// step. Integers agree exactly, sums to 1e-12.
func TestLedgerEqualsARecount(t *testing.T) {
	for name, settings := range map[string][]string{
		"bernoulli, value clip":  {"rule.clip={kind: value, bound: 0.01}"},
		"neurons, momentum":      {"rule.mask={kind: neurons, p: 0.4, side: pre}", "rule.optimizer=momentum"},
		"both sides, momentum":   {"rule.mask={kind: neurons, p: 0.4, side: both}", "rule.optimizer=momentum", "engine.blas=none"},
		"subnet, adam":           {"rule.mask={kind: subnet, k: 3}", "rule.optimizer=adam"},
		"full, norm clip":        {"rule.mask=full", "rule.clip={kind: norm, bound: 0.1}"},
		"competitive":            {"rule.mask={kind: competitive, p: 0.1}", "rule.clip=none"},
		"competitive, batch 1":   {"rule.mask=[{kind: subnet, k: 3}, {kind: competitive, p: 0.05, scope: network}]", "train.batch=1"},
		"convolutions":           {"model=" + tinyConvNet},
		"convolutions, channels": {"model=" + tinyConvNet, "rule.mask={kind: neurons, p: 0.6}", "train.batch=1"},
		"convolutions, winners":  {"model=" + tinyConvNet, "rule.mask={kind: competitive, p: 0.1}"},
		"two masks, adam, batch": {"rule.mask=[{kind: neurons, p: 0.5}, {kind: bernoulli, p: 0.3}]", "rule.optimizer=adam"},
		"momentum, cache":        {"rule.optimizer=momentum", "rule.cache={kind: synaptic, theta: 0.004, tau: 100}"},
		"adam, accumulators":     {"rule.optimizer=adam", "rule.cache={kind: mixed_precision, epsilon: 0.004, transfer_every: 20, rows: 3}"},
		"visible accumulators":   {"rule.mask=full", "train.batch=1", "rule.cache={kind: mixed_precision, epsilon: 0.004, visible: true}"},
		"batch 1, bias units":    {"train.batch=1", "model.bias=unit", "model.activation=leaky_relu"},
	} {
		t.Run(name, func(t *testing.T) { recount(t, settings) })
	}
}

func recount(t *testing.T, settings []string) {
	c := load(t, tiny, settings...)
	r := begin(t, c)
	if c.Engine.BLAS == "none" && r.Engine.BLAS() != "none (own kernels, "+string(simd.Active())+")" {
		t.Skip("gonum rounds products for some units otherwise than for all")
	}
	twin, err := c.Model.New(r.Data.Train.Inputs(), r.Data.Train.Outputs(), c.Seed)
	if err != nil {
		t.Fatal(err)
	}
	rule, err := reference.NewUpdater(c.Rule, r.network(), c.Seed)
	if err != nil {
		t.Fatal(err)
	}
	programs := map[int]*graph.Program{}
	var want recounted
	for range 40 {
		batch := append([]int32(nil), r.sampler.Batch(uint64(r.Steps))...)
		if programs[len(batch)] == nil {
			if programs[len(batch)], err = graph.CompileTraining(twin, r.Engine, len(batch), graph.Backward{}); err != nil {
				t.Fatal(err)
			}
		}
		p := programs[len(batch)]
		r.Data.Train.Gather(batch, p.X, twin.InputWidth(), p.Target)
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		want.passes(p, twin)
		before := snapshot(twin)
		rule.Present(presentation(r, batch, p))
		if err := rule.Step(p.Parameters()); err != nil {
			t.Fatal(err)
		}
		for _, change := range rule.Changes() {
			want.m0 += change.M0
			want.m1 += change.M1
			if rule.Memory() != nil { // which moves weights that did not change, too
				want.stored += change.Stored
			}
		}
		for l, traffic := range rule.Traffic() {
			want.memory.Add(traffic)
			want.beside.Add(rule.Accumulations()[l])
		}
		for a, after := range arrays(twin) {
			for i := range after {
				if rule.Memory() == nil && after[i] != before[a][i] {
					want.stored++
				}
			}
		}
		advance(t, r)
	}
	want.check(t, r)
	for a, w := range arrays(twin) {
		for i := range w {
			if w[i] != arrays(r.Model)[a][i] {
				t.Fatalf("array %d, synapse %d: the run has %v, its twin %v", a, i, arrays(r.Model)[a][i], w[i])
			}
		}
	}
}

// presentation is what a rule may know of the batch that p has run.
func presentation(r *Run, batch []int32, p *graph.Program) masks.Presentation {
	shown := masks.Presentation{Batch: p.Batch, Loss: p.LossValue(), Presented: len(batch), Activity: [][]float32{p.X}}
	for _, i := range batch {
		label, _ := r.Data.Train.Label(int(i))
		shown.Labels = append(shown.Labels, int32(label))
	}
	for l := range p.Layers() {
		shown.Activity = append(shown.Activity, p.Postsynaptic(l))
		shown.Errors = append(shown.Errors, p.Error(l))
	}
	return shown
}

// recounted is a ledger kept by counting numbers one by one.
type recounted struct {
	m0, stored, macs, effective, active, output, reads int64
	m1, l1                                             float64
	memory                                             masks.Traffic
	beside                                             masks.Accumulation
	gradient                                           int64 // additions to the gradients of batches
}

// passes counts the forward and backward pass of one step, one product at a time.
func (c *recounted) passes(p *graph.Program, m graph.Model) {
	for l, layer := range m.Layers() {
		x, dz, y := p.Presynaptic(l), p.Error(l), p.Postsynaptic(l)
		batch := p.Batch*layer.Rows() > 1
		for b := range p.Batch * layer.Rows() {
			for i := range layer.In {
				for o := range layer.Out {
					xi, e := x[b*layer.In+i], dz[b*layer.Out+o]
					c.macs += 2 // forward, dW
					if xi != 0 {
						c.effective++
					}
					if xi != 0 && e != 0 {
						c.effective++
						if batch {
							c.gradient++
						}
					}
					if l > 0 { // dx
						c.macs++
						if e != 0 {
							c.effective++
						}
					}
				}
			}
			for o := range layer.Out {
				v := y[b*layer.Out+o]
				if batch && layer.B != nil && dz[b*layer.Out+o] != 0 {
					c.gradient++
				}
				switch {
				case l == len(m.Layers())-1:
					if v != 0 {
						c.output++
					}
				case v != 0:
					c.active++
					c.l1 += math.Abs(float64(v))
				}
			}
		}
		c.reads += int64(layer.Parameters())
		if l > 0 {
			c.reads += int64(len(layer.W))
		}
	}
}

func (c *recounted) check(t *testing.T, r *Run) {
	t.Helper()
	got := r.Ledger.Total()
	for name, pair := range map[string][2]int64{
		"M0": {got.M0, c.m0}, "stored": {got.M0Stored, c.stored},
		"MACs": {got.MACsForward + got.MACsBackward, c.macs}, "effective": {got.MACsEff, c.effective},
		"active": {got.ActiveUnits, c.active}, "output": {got.ActiveOutput, c.output},
		"reads": {got.WeightReads, c.reads + c.m0}, "writes": {got.WeightWrites, c.m0},
		"updates beside weights": {got.Accumulate.Updates, c.beside.Updates}, "reads there": {got.Accumulate.Reads, c.beside.Reads},
		"writes there": {got.Accumulate.Writes, c.beside.Writes}, "additions to gradients": {got.Accumulate.GradientUpdates, c.gradient},
		"reads of memory": {got.Memory.Reads, c.memory.Reads}, "writes of memory": {got.Memory.Writes, c.memory.Writes},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: the ledger has %d, a recount %d", name, pair[0], pair[1])
		}
	}
	for name, pair := range map[string][2]float64{"M1": {got.M1, c.m1}, "amount beside weights": {got.Accumulate.Amount, c.beside.Amount}, "activity": {got.ActivityL1, c.l1}} {
		if math.Abs(pair[0]-pair[1]) > 1e-12*pair[1] {
			t.Errorf("%s: the ledger has %v, a recount %v", name, pair[0], pair[1])
		}
	}
	minimal := r.Minimal()
	if float64(minimal.M0) > float64(got.M0) || minimal.M1 > got.M1*(1+1e-6) {
		t.Errorf("M0min %d, M1min %v exceed what was spent, %d, %v", minimal.M0, minimal.M1, got.M0, got.M1)
	}
	var m0, reads int64
	for _, y := range r.Ledger.Layers {
		m0 += y.Update.M0
		reads += y.Update.Memory.Reads
	}
	if m0 != got.M0 || reads != got.Memory.Reads {
		t.Errorf("the layers' M0 add up to %d, reads of memory to %d; the totals are %d and %d", m0, reads, got.M0, got.Memory.Reads)
	}
}
