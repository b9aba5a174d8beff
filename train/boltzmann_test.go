package train

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/graph/boltzmann/likelihood"
	"ergon/train/rundir"
)

// tinyMachine is a restricted machine on bars and stripes, whose ln Z is known.
const tinyMachine = "data={name: bars_and_stripes, side: 3}; train.batch=14; train.epochs=60; train.eval_every=20; train.goals=[]; " +
	"likelihood.along=true; rule.optimizer.lr=0.1"

func machineConfig(model, settings string) []string {
	return strings.Split(tinyMachine+"; model="+model+"; "+settings, "; ")
}

func trained(t *testing.T, settings []string) *rundir.Summary {
	t.Helper()
	s, err := begin(t, load(t, "{}", settings...)).Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// With exact phases, bars and stripes are learned to near their entropy, ln 14 = 2.6391: the
// most that any model can have. 2.75 is what a machine that has learned them is held to.
func TestBarsAndStripesAreLearned(t *testing.T) {
	s := trained(t, machineConfig("{kind: rbm, hidden: 16, negative: exact, init: {kind: normal, std: 0.1}}", "rule.optimizer.lr=1; train.epochs=1000; train.eval_every=500; likelihood.goals=[-4, -2.75]"))
	if l := s.Likelihood; l == nil || l.Method != "exact" || l.Test < -2.75 || l.Test > -math.Log(14) {
		t.Fatalf("likelihood %+v, want exact and from -2.75 to -ln 14", l)
	}
	if n := len(s.LikelihoodCrossings); n != 2 {
		t.Errorf("%d goals were reached, want 2", n)
	}
	if s.Work != nil || s.Energy.Sampling != nil {
		t.Errorf("nothing is sampled, and work is %+v, sampling %+v", s.Work, s.Energy.Sampling)
	}
}

// Jarzynski's equality for the witnesses of training: ln Z by their work is the exact one,
// within 3.5 standard errors for each of a few seeds. The work on the chains that drive
// learning is higher, since each update raises the free energies of their states.
func TestWitnessesTellLnZ(t *testing.T) {
	for seed := range 4 {
		s := trained(t, machineConfig("{kind: rbm, hidden: 8}", fmt.Sprintf("train.chains=40; train.gibbs=3; likelihood.witnesses=800; train.epochs=150; rule.optimizer.lr=0.05; seed=%d", seed)))
		w := s.Work.Witnesses
		z0 := s.Likelihood.LnZ + *s.Work.DeltaF // ln Z_0, as ΔF of the chains is by exact ln Z
		got, want := -*w.DeltaF, s.Likelihood.LnZ-z0
		if d := (got - want) / *w.Error; math.Abs(d) > 3.5 {
			t.Errorf("seed %d: ln Z_T/Z_0 = %.4f ± %.4f by %.0f witnesses, and %.4f exactly", seed, got, *w.Error, *w.Effective, want)
		}
		if *w.Dissipated < 0 || *s.Work.Dissipated < *w.Dissipated+0.05 {
			t.Errorf("seed %d: dissipated %.4f on witnesses, %.4f on chains; want the latter to be more", seed, *w.Dissipated, *s.Work.Dissipated)
		}
	}
}

// What the chains that drive learning dissipate beyond witnesses is the feedback of their own
// states on the weights, η tr Σ/C in each step, with Σ the covariance of ∂F/∂θ over chains:
// derived in docs/boltzmann.md. Here without a mask or a clip, by plain gradients.
func TestChainsThatDriveLearningDissipateMore(t *testing.T) {
	const lr, chains = 0.02, 20
	r := begin(t, load(t, "{}", machineConfig("{kind: rbm, hidden: 8, centred: false}",
		fmt.Sprintf("train.chains=%d; train.gibbs=20; likelihood.witnesses=2000; rule.mask=full; rule.clip=none; rule.optimizer.lr=%v; train.epochs=100; seed=1", chains, lr))...))
	predicted := 0.0
	for range 100 {
		if err := r.Step(); err != nil {
			t.Fatal(err)
		}
		predicted += lr * traceOfForces(t, r) / chains
	}
	chainWork, witnessed, err := r.boltzmann.works()
	if err != nil {
		t.Fatal(err)
	}
	got := chainWork.Mean() - witnessed.Mean()
	if math.Abs(got-predicted) > 0.12*predicted {
		t.Errorf("work on chains exceeds that on witnesses by %.4f, want %.4f", got, predicted)
	}
}

// traceOfForces returns tr Σ of ∂F/∂(W,a,b) over the states of the witnesses, which are many.
func traceOfForces(t *testing.T, r *Run) (trace float64) {
	t.Helper()
	m, chains := r.boltzmann.restricted.Machine(), r.boltzmann.witnesses.chains
	V, H := len(m.Visible), len(m.Hidden)
	n := len(chains) / V
	sum, square := make([]float64, V*H+V+H), make([]float64, V*H+V+H)
	fields, h := make([]float64, H), make([]float64, H)
	for lo := 0; lo < len(chains); lo += V {
		v := chains[lo : lo+V]
		m.HiddenFields(fields, v)
		m.HiddenUnits.Mean(h, fields)
		k := 0
		add := func(x float64) { sum[k] += x; square[k] += x * x; k++ }
		for _, x := range v {
			add(float64(x))
			for _, y := range h {
				add(float64(x) * y)
			}
		}
		for _, y := range h {
			add(y)
		}
	}
	for k, s := range sum {
		mean := s / float64(n)
		trace += square[k]/float64(n) - mean*mean
	}
	return trace
}

// Every way to find what presentations are compared with runs, with each kind of unit.
func TestMachinesOfAllSortsRun(t *testing.T) {
	for _, settings := range []string{
		"model.negative=cd; train.gibbs=2", "model.negative=rdm; train.chains=30; train.gibbs=4", "model.negative=pcd; train.chains=5",
		"model.units=gaussian", "model.units=relu", "model.units=drelu", "model.units={kind: potts, states: 2}", "model.visible=gaussian; model.bias=data",
		"model.centred=false; likelihood.method=ais; likelihood.betas=20; likelihood.chains=10", "likelihood.method=jarzynski", "likelihood.method=none; likelihood.along=false",
		"rule.cache=synaptic; rule.mask={kind: competitive, p: 0.2}", "rule.mask={kind: subnet, k: 3}; rule.optimizer=momentum", "data.side=2; train.batch=4",
		"rule.mask={kind: neurons, p: 0.4, side: both}", "train.batch=1; rule.mask={kind: competitive, p: 0.1, scope: neuron}; train.epochs=3", "rule.optimizer=adam; rule.clip={kind: norm, bound: 0.01}",
	} {
		t.Run(settings, func(t *testing.T) {
			s := trained(t, machineConfig("{kind: rbm, hidden: 6}", "rule.optimizer.lr=0.01; "+settings))
			if s.Status != rundir.StatusBudgetSpent || s.TestLoss == nil || math.IsNaN(*s.TestLoss) {
				t.Errorf("status %s, test loss %v", s.Status, s.TestLoss)
			}
			if method := s.Likelihood; method == nil && !strings.Contains(settings, "none") {
				t.Errorf("no likelihood: %s", s.NoLikelihood)
			}
			if p := s.Energy.Sampling; p == nil || p.Sweeps == 0 || p.MACsEffective > p.MACs || p.ActiveVisible == 0 {
				t.Errorf("sampling %+v", p)
			}
		})
	}
}

// What a machine cannot do is refused by the name of the setting, and so is what only a
// machine can.
func TestMachinesRefuse(t *testing.T) {
	machine := machineConfig("{kind: rbm, hidden: 6}", "seed=1")
	for settings, want := range map[string]string{
		"rule.gate=lazy":                                                    "rule.gate",
		"rule.error=meprop":                                                 "rule.error",
		"rule.synapse=stochastic":                                           "rule.synapse",
		"train.stop_at=0.9":                                                 "train.stop_at",
		"model.negative=cd; train.chains=5":                                 "train.chains",
		"model.negative=exact; train.gibbs=5":                               "train.gibbs",
		"model.negative=exact; data.side=5":                                 "model.negative",
		"free_energy.window=60":                                             "free_energy.window",
		"model.units={kind: potts, states: 4}":                              "hidden",
		"model.visible={kind: potts, states: 3}":                            "model.visible: potts units are 3 neighbouring numbers from 0 on whose sum is 1, and example 1 of the training set",
		"data={name: mixture, inputs: 9, train: 20}":                        "model.visible: bernoulli units are from 0 to 1, and example",
		"data={name: mixture, inputs: 9, train: 20}; model.visible=relu":    "model.visible: relu units are 0 or more",
		"data={name: mnist, train: 20, test: 20, transform: standard}":      "model.visible: bernoulli",
		"model={kind: mlp, loss: mse}; train.chains=3":                      "train.chains",
		"likelihood.method=none; likelihood.goals=[-3]":                     "method is none",
		"model.hidden=25; likelihood.method=exact; data.side=5":             "likelihood.method: exact sums over all states",
		"model.units=relu; model.visible=gaussian; likelihood.method=exact": "9 visible units (gaussian) and",
		"model={kind: mlp, loss: mse}; likelihood.witnesses=3":              "likelihood.witnesses",
		"model={kind: mlp, loss: mse}; likelihood.goals=[-3]":               "likelihood.goals",
		"rule.project=sphere":                                               "rule.project",
	} {
		err := refusalOf(t, append(slices.Clone(machine), strings.Split(settings, "; ")...))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one of %s", settings, err, want)
		}
	}
}

// refusalOf returns the error of loading a config, or of making its run.
func refusalOf(t *testing.T, settings []string) error {
	t.Helper()
	file := t.TempDir() + "/config.yaml"
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := configs.Load(file, settings)
	if err != nil {
		return err
	}
	r, err := New(c)
	if err == nil {
		r.Close()
	}
	return err
}

// The chains' states and the witnesses' work are part of what a run remembers.
func TestRestoredMachinesGoOn(t *testing.T) {
	for _, settings := range []string{
		"model.negative=pcd; likelihood.witnesses=10; train.chains=9", "model.negative=cd", "model.negative=rdm; likelihood.method=jarzynski", "model.negative=exact",
		"model.centred=false; train.gibbs=3; rule.optimizer=momentum",
	} {
		for _, k := range []int{1, 20, 33} {
			t.Run(fmt.Sprintf("%s at %d", settings, k), func(t *testing.T) {
				goesOn(t, load(t, "{}", machineConfig("{kind: rbm, hidden: 6}", settings)...), k)
			})
		}
	}
}

// The initial ln Z, from few temperatures, is the exact one of small weights; large ones take more,
// and are enumerated where the likelihood is.
func TestInitialLnZ(t *testing.T) {
	for std, data := range map[string]string{
		"0.01": "{name: mnist, train: 300, test: 50, transform: binary}", "0.7": "{name: bars_and_stripes, side: 5}",
	} {
		settings := "train.epochs=1; data=" + data + "; likelihood.method="
		model := fmt.Sprintf("{kind: rbm, hidden: 15, init: {kind: normal, std: %s}}", std)
		initialLnZ(t, begin(t, load(t, "{}", machineConfig(model, settings+"ais")...)))
		r := begin(t, load(t, "{}", machineConfig(model, settings+"exact")...))
		if z0, err := r.boltzmann.initialLnZ(t.Context()); err != nil || z0.StandardError != 0 {
			t.Errorf("weights of %s: %+v, %v; want an enumeration", std, z0, err)
		}
	}
}

func initialLnZ(t *testing.T, r *Run) {
	t.Helper()
	z0, err := r.boltzmann.initialLnZ(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m := r.boltzmann.restricted.Machine()
	want, err := (&likelihood.Exact{}).LnZ(context.Background(), &m)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v, exact %v", *z0, want)
	if d := math.Abs(z0.LnZ - want); z0.StandardError == 0 || d > 4*z0.StandardError {
		t.Errorf("ln Z_0 = %v ± %v, want %v", z0.LnZ, z0.StandardError, want)
	}
}
