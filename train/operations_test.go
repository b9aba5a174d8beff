package train

import (
	"context"
	"math"
	"os"
	"testing"

	"ergon/energy"
	"ergon/graph"
	"ergon/internal/gpu/testdevice"
)

// The metrics of a run equal a brute-force recount, one product at a time, over the test
// set, in the network that the run ended with.
func TestInferenceEqualsARecount(t *testing.T) {
	for name, settings := range map[string][]string{
		"relu":             nil,
		"sparse, no bias":  {"model.bias=false", "model.init={kind: normal, std: 0}"},
		"bias units":       {"model.bias=unit", "model.activation=leaky_relu"},
		"one layer":        {"model.hidden=[]"},
		"binary":           {"data={name: patterns, inputs: 20, examples: 60}", "model.loss=mse", "model.output=erf"},
		"convolutions":     {"model=" + tinyConvNet},
		"stopped at start": {"train.epochs=1", "train.max_steps=1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := begin(t, load(t, tiny, settings...))
			s, err := r.Train(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			recountInference(t, r, s.Operations.Inference)
		})
	}
}

func recountInference(t *testing.T, r *Run, got *energy.Inference) {
	t.Helper()
	n := r.Data.Test.Len()
	p, err := graph.Compile(r.Model, r.Engine, 1)
	if err != nil {
		t.Fatal(err)
	}
	var dense, macs, acs, zeros, weights, silent, units, parameters float64
	for l, layer := range r.Model.Layers() {
		parameters += float64(len(layer.W) + len(layer.B))
		for _, w := range layer.W {
			weights++
			if w == 0 {
				zeros++
			}
		}
		for i := range n {
			r.Data.Test.Gather([]int32{int32(i)}, p.X, r.Model.InputWidth(), p.Target)
			if err := p.Run(); err != nil {
				t.Fatal(err)
			}
			x, effective, binary := p.Presynaptic(l), 0.0, true
			for row := range layer.Rows() {
				for at, w := range layer.W {
					dense++
					v := x[row*layer.In+at/layer.Out]
					if w != 0 && v != 0 {
						effective++
					}
					binary = binary && (v == 0 || v == 1 || v == -1)
				}
			}
			if binary {
				acs += effective
			} else {
				macs += effective
			}
			if l == p.Layers()-1 {
				continue // outputs are no hidden units
			}
			for _, v := range p.Postsynaptic(l) {
				units++
				if v == 0 {
					silent++
				}
			}
		}
	}
	each := float64(n)
	s := got.SynapticOperations
	if got.Presentations != n || float64(got.ParameterCount) != parameters || float64(got.Footprint) != 4*parameters {
		t.Errorf("%d presentations, %d parameters in %d bytes; want %d, %v", got.Presentations, got.ParameterCount, got.Footprint, n, parameters)
	}
	if s.Dense != dense/each || *s.EffectiveMACs != macs/each || *s.EffectiveACs != acs/each {
		t.Errorf("operations %v, %v, %v; a recount has %v, %v, %v", s.Dense, *s.EffectiveMACs, *s.EffectiveACs, dense/each, macs/each, acs/each)
	}
	if *got.ConnectionSparsity != zeros/weights {
		t.Errorf("connection sparsity %v, a recount has %v", *got.ConnectionSparsity, zeros/weights)
	}
	if units == 0 != (got.ActivationSparsity == nil) || units > 0 && *got.ActivationSparsity != silent/units {
		t.Errorf("activation sparsity %v, a recount has %v of %v", got.ActivationSparsity, silent, units)
	}
}

// Operations of training agree with the ledger: the mean per presentation times the
// presentations with the total, and those at each goal with its crossing.
func TestTrainingOperations(t *testing.T) {
	s, _ := record(t, load(t, tiny, "energy.prices=[horowitz45nm, brain_atp]", "train.goals=[0.1, 0.2]"))
	e, mean := s.Energy, s.Operations.Training.PerSample.Total
	n := float64(s.Samples)
	for name, pair := range map[string][2]float64{
		"M0":        {mean.Update.SynapticChanges * n, float64(e.M0)},
		"M1":        {mean.Update.ChangeAmount * n, e.M1},
		"forward":   {mean.Forward.Dense * n, float64(e.MACsForward)},
		"backward":  {mean.Backward.Dense * n, float64(e.MACsBackward)},
		"effective": {(mean.Forward.EffectiveMACs + mean.Backward.EffectiveMACs) * n, float64(e.MACsEff)},
		"reads":     {(mean.Forward.WeightReads + mean.Backward.WeightReads + mean.Update.WeightReads) * n, float64(e.WeightReads)},
		"writes":    {mean.Update.WeightWrites * n, float64(e.WeightWrites)},
	} {
		if math.Abs(pair[0]-pair[1]) > 1e-9*pair[1] || pair[1] == 0 {
			t.Errorf("%s: operations say %v, the account %v", name, pair[0], pair[1])
		}
	}
	if len(s.Crossings) != 2 || len(s.Operations.Training.ToGoals) != len(s.Crossings) {
		t.Fatalf("%d crossings, %d entries", len(s.Crossings), len(s.Operations.Training.ToGoals))
	}
	for i, g := range s.Operations.Training.ToGoals {
		x := s.Crossings[i]
		if g.Accuracy != x.Accuracy || g.Samples != x.Samples || g.Total.Update.SynapticChanges != float64(x.M0) || len(g.Layers) != 3 {
			t.Errorf("%+v is not of crossing %+v", g, x)
		}
		if g.JoulesModel["horowitz45nm"][energy.Backward] == nil || g.JoulesModel["brain_atp"][energy.Backward] != nil {
			t.Errorf("joules %v", g.JoulesModel)
		}
	}
}

// The first layer of a network with binary inputs adds (ACs), and is priced for it.
func TestBinaryInput(t *testing.T) {
	s, _ := record(t, load(t, tiny, "data={name: patterns, inputs: 20, examples: 60}", "model.loss=mse", "model.output=erf", "model.hidden=[]"))
	o := s.Operations.Training.PerSample.Total
	if o.Forward.EffectiveMACs != 0 || o.Forward.EffectiveACs != 20 {
		t.Errorf("%v MACs, %v ACs a presentation, want 0, 20", o.Forward.EffectiveMACs, o.Forward.EffectiveACs)
	}
	want := 0.9e-12*float64(s.Energy.MACsForward) + 50e-12*float64(s.Steps*21)
	if got := *s.Energy.JoulesModel["horowitz45nm"].Forward; math.Abs(got-want) > 1e-12*want {
		t.Errorf("forward %v J, want %v", got, want)
	}
}

// A price table that is a file is read once, before the run.
func TestPricesAreReadOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("mine.yaml", []byte("mac: 2\nweight_read: 0\nsource: a notebook\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := load(t, tiny, "energy.prices=[./mine.yaml]")
	r := begin(t, c)
	if err := os.Remove("mine.yaml"); err != nil {
		t.Fatal(err)
	}
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	j := s.Energy.JoulesModel["mine"]
	if j.Forward == nil || *j.Forward != 2*float64(s.Energy.MACsForward) || j.Source != "a notebook" || j.Update != nil || j.Unpriced[energy.Updating] == "" {
		t.Errorf("got %+v", j)
	}
	if _, err := New(c); err == nil || err.Error() != "energy.prices[0]: price table: open ./mine.yaml: no such file or directory" {
		t.Errorf("a table that is gone: %v", err)
	}
}

// On a device the host does not see activities: what needs them is null, the rest is
// known.
func TestOperationsOnADevice(t *testing.T) {
	testdevice.Use(t)
	s, _ := trainOn(t, "gpu", []string{"train.epochs=1"})
	i, o := s.Operations.Inference, s.Operations.Training.PerSample.Total
	if i.SynapticOperations.EffectiveMACs != nil || i.SynapticOperations.EffectiveACs != nil || i.ActivationSparsity != nil || i.Presentations != 0 {
		t.Errorf("got %+v", i)
	}
	if i.ParameterCount != int64(s.Parameters) || i.ConnectionSparsity == nil || o.Update.SynapticChanges*float64(s.Samples) != float64(s.Energy.M0) {
		t.Errorf("got %+v and %+v", i, o)
	}
}
