package mixture

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/rules"
	"ergon/theory"
	"ergon/theory/theorytest"
)

// ruled returns the theory of two clusters at α = 2, Δ = 0.5, λ = 0.1, R = 0.01 with settings key=value, of the rule as
// well.
func ruled(t *testing.T, settings ...string) *Mixture {
	t.Helper()
	return theorytest.New[*Mixture](t, "mixture", settings...)
}

// Plain SGD as a rule is the closed form: no more differs than float32 does, where masks are drawn no more than their
// noise.
func TestRuleIsSGD(t *testing.T) {
	for name, c := range map[string]struct {
		own, rule []string
		most      float64
	}{
		"plain":  {[]string{"eta=0.2", "p=1"}, []string{"rule.optimizer.lr=0.2"}, 1e-4},
		"masked": {[]string{"eta=0.5", "p=0.5"}, []string{"rule.optimizer.lr=0.5", "rule.mask={kind: bernoulli, p: 0.5}"}, 0.012},
		"clipped": { // the clip of a rule is of Δw
			[]string{"eta=0.5", "p=1", "clip=0.2"}, []string{"rule.optimizer.lr=0.5", "rule.clip={kind: value, bound: [0.1]}"}, 0.003},
	} {
		few := []string{"steps=12", "paths=4000", "b=0.5"}
		a := theorytest.PredictionOf(t, ruled(t, slices.Concat(c.own, few)...))
		b := theorytest.PredictionOf(t, ruled(t, slices.Concat(c.rule, few)...))
		for _, column := range []string{"m", "c", "train_loss", "m1_total", "m1_min", "dissipation"} {
			i := slices.Index(a.Columns, column)
			most := c.most
			if column == "m1_total" || column == "m1_min" || column == "dissipation" && name != "plain" {
				most = max(most, 0.01) // sampled by the other, too, over 4000 paths
			}
			theorytest.Near(t, name+": "+column, b.Rows[12][i], a.Rows[12][i], most)
		}
	}
}

// The response that twins tell is that of the exact recursion, plain, and with momentum that of Δw = -η·Σ_s β^(t-s)·G(s):
// R(1, 0) = η, and R(2, 0) = η(1 + β) - η²·A(1, 1).
func TestTwinsTellResponses(t *testing.T) {
	p := twoClusters(1, 1, 0.2)
	p.Rates = p.Rates[:6]
	exact := solved(t, p, 2000)
	plain := ruled(t, "rule.optimizer.lr=0.2", "steps=6", "paths=2000").Problem()
	told := solved(t, plain, 2000)
	for step := range exact.M {
		for s := range step {
			within(t, "R", told.Response[step][s], exact.Response[step][s], 2e-4)
		}
	}
	heavy := ruled(t, "rule.optimizer={kind: momentum, lr: 0.2, momentum: 0.5}", "steps=6", "paths=2000").Problem()
	told = solved(t, heavy, 2000)
	near(t, "R(1, 0)", told.Response[1][0], 0.2, 1e-4)
	curvature := (exact.Response[1][0] - exact.Response[2][0]) / 0.04 // A(1, 1) = (R(1, 0) - R(2, 0))/η² of plain SGD, which begins alike
	within(t, "R(2, 0)", told.Response[2][0], 0.2*1.5-0.04*curvature, 2e-3)
}

// Half the push of twins gives the same numbers, up to the noise of paths; one that is far too large does not.
func TestPushIsSmall(t *testing.T) {
	m := ruled(t, "rule.optimizer.lr=0.5", "rule.mask={kind: competitive, p: [0.1]}", "steps=8")
	last := func(push float64, seed uint64) (m1, loss float64) {
		p := m.Problem()
		p.Push = push
		c, err := p.Solve(context.Background(), 6000, seed)
		if err != nil {
			t.Fatal(err)
		}
		return c.M1Total()[8], c.TrainLoss[8]
	}
	m1, loss := last(defaultPush, 1)
	halfM1, halfLoss := last(defaultPush/2, 1)
	otherM1, otherLoss := last(defaultPush, 2)
	if halfM1 == m1 || math.Abs(halfM1-m1) > 0.003*m1 || math.Abs(halfLoss-loss) > 0.03*loss {
		t.Errorf("with half the push M1 is %v and the loss %v, not %v and %v; with another seed %v and %v", halfM1, halfLoss, m1, loss, otherM1, otherLoss)
	}
	if _, far := last(0.5, 1); far < 1.01*loss {
		t.Errorf("with a push of half a deviation the loss is %v, and %v with the default", far, loss)
	}
}

// Simulations agree with the theory of a competition, of an accumulator and of steps of one size, whose weights come to rest at
// a threshold; another share, device step and threshold are found out.
func TestRuleSimulations(t *testing.T) {
	for name, c := range map[string]struct{ right, wrong []string }{
		"competitive": {
			[]string{"rule.optimizer.lr=0.5", "rule.mask={kind: competitive, p: [0.5]}"},
			[]string{"rule.optimizer.lr=0.5", "rule.mask={kind: competitive, p: [0.6]}"}},
		"manhattan": {
			[]string{"rule.optimizer={kind: manhattan, step: 0.05, threshold: 0.2}"},
			[]string{"rule.optimizer={kind: manhattan, step: 0.05, threshold: 0.3}"}},
		"mixed_precision": {
			[]string{"rule.optimizer.lr=0.2", "rule.cache={kind: mixed_precision, epsilon: 0.2}"},
			[]string{"rule.optimizer.lr=0.2", "rule.cache={kind: mixed_precision, epsilon: 0.24}"}},
	} {
		small := []string{"steps=6", "paths=3000", "d=400", "simulate=16"}
		right := ruled(t, slices.Concat(c.right, small)...)
		trajectories, err := right.simulate(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if r := beside(t, trajectories, right); *r.Scalars["p_value"] < 0.01 {
			t.Errorf("%s: p_value %.3g, worst z %.2f", name, *r.Scalars["p_value"], *r.Scalars["worst_z"])
		}
		if p := *beside(t, trajectories, ruled(t, slices.Concat(c.wrong, small)...)).Scalars["p_value"]; p > 1e-3 {
			t.Errorf("%s: p_value of a wrong rule %.3g", name, p)
		}
	}
}

// beside returns the table of a theory beside simulations, which may be another's.
func beside(t *testing.T, trajectories []*Trajectory, m *Mixture) *theory.Result {
	t.Helper()
	c, err := m.Problem().Solve(context.Background(), m.Paths, m.Seed)
	if err != nil {
		t.Fatal(err)
	}
	compared := curves(c, trajectories)
	if m.meanField() {
		dropCertain(compared)
	}
	return theory.CurveTable("t", theory.Steps(m.Steps), compared...)
}

// Counts are those of the ledger: a mixed-precision accumulator takes every update and loses what is written, and
// M0 are the writes; a synaptic cache changes what the network sees in every step, and makes little permanent.
func TestRuleCounts(t *testing.T) {
	few := []string{"steps=4", "paths=1000", "rule.optimizer.lr=0.2"}
	value := func(r *theory.Result, column string) float64 { return r.Rows[4][slices.Index(r.Columns, column)] }
	r := theorytest.PredictionOf(t, ruled(t, append(few, "rule.cache={kind: mixed_precision, epsilon: 0.1}")...))
	theorytest.Near(t, "accumulator updates", value(r, "accumulate_total"), 4+value(r, "m0_total"), 1e-3)
	if slices.Contains(r.Columns, "permanent_m0") {
		t.Error("an accumulator has transient parts")
	}
	r = theorytest.PredictionOf(t, ruled(t, append(few, "rule.cache={kind: synaptic, theta: 0.3, tau: .inf}")...))
	theorytest.Near(t, "changes of what is seen", value(r, "m0_total"), 4, 1e-3)
	if p := value(r, "permanent_m0_total"); !(p > 0.01 && p < 2) || value(r, "permanent_m1_total") < 0.3*p {
		t.Errorf("%v made permanent, by %v", p, value(r, "permanent_m1_total"))
	}
	if r = theorytest.PredictionOf(t, ruled(t, few...)); slices.Contains(r.Columns, "accumulate") {
		t.Error("plain SGD accumulates")
	}
}

// The bound of a clip by norm is per root of the number of weights: the root mean square of Δw.
func TestNormIsPerRoot(t *testing.T) {
	c := solved(t, ruled(t, "rule.optimizer.lr=0.2", "rule.clip={kind: norm, bound: 0.05}", "steps=3").Problem(), 1000)
	near(t, "|Δw| of Gaussian weights", c.M1[0], 0.05*theory.MeanAbsNormal, 0.02)
	within(t, "C(1, 1) - 2C(1, 0) + C(0, 0)", c.C[1]-2*c.Correlation[1][0]+c.C[0], 0.05*0.05, 1e-5)
}

// A rule whose rate falls does so by itself.
func TestRateOfRuleFalls(t *testing.T) {
	c := solved(t, ruled(t, "rule.optimizer={kind: sgd, lr: 0.2, halve_every: 2}", "steps=4").Problem(), 1000)
	near(t, "R(2, 1)", c.Response[2][1], 0.2, 1e-4)
	near(t, "R(3, 2)", c.Response[3][2], 0.1, 1e-4)
}

func TestRuleConforms(t *testing.T) {
	theorytest.Conform(t, "mixture", "steps=4", "paths=500", "d=50", "simulate=4", "b=0.5",
		"rule.optimizer.lr=0.3", "rule.mask={kind: competitive, p: [0.3]}", "rule.cache={kind: synaptic, theta: 0.1}")
}

// Every kind that says it is local can be learned by, with its defaults.
func TestLocalKindsAreLearnedBy(t *testing.T) {
	kinds := map[string][]string{}
	for _, k := range masks.Masks.Kinds() {
		kinds["mask"] = append(kinds["mask"], k.Name)
	}
	for _, k := range masks.Optimizers.Kinds() {
		kinds["optimizer"] = append(kinds["optimizer"], k.Name)
	}
	for _, k := range masks.Caches.Kinds() {
		kinds["cache"] = append(kinds["cache"], k.Name)
	}
	learned := 0
	for stage, names := range kinds {
		for _, name := range names {
			made, err := theory.New("mixture", []string{"steps=2", "paths=100", "rule." + stage + "=" + name})
			if err != nil {
				continue // refused, as maskstest checks
			}
			learned++
			if _, err := theory.Predict(context.Background(), made); err != nil {
				t.Errorf("rule.%s %s: %v", stage, name, err)
			}
		}
	}
	if learned < 15 {
		t.Errorf("%d kinds are local", learned)
	}
}

// What is not local, and what a rule replaces, is refused by its name.
func TestRuleRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"rule.mask=neurons":                              "rule.mask[0].kind: neurons is not local",
		"rule.optimizer=pulsed":                          "rule.optimizer.kind: pulsed is not local",
		"rule.gate=lazy":                                 "rule.gate.kind: lazy is not local",
		"rule.synapse=stochastic":                        "rule.synapse.kind: stochastic is not local",
		"rule.cache=mixed_precision rule.cache.rows=3":   "rule.cache.rows: is 3",
		"rule.cache=mixed_precision rule.cache.levels=3": "rule.cache.levels: ",
		"rule.cache=synaptic rule.cache.variant=neuron":  "rule.cache.variant: neuron",
		"rule.mask=competitive rule.mask[0].by=activity": "rule.mask[0].by: activity",
		"rule.optimizer.rate=relative":                   "rule.optimizer.rate: relative",
		"rule.optimizer.schedule=error":                  "rule.optimizer.schedule: error follows the loss of presentations",
		"rule.optimizer.lr=0.1 eta=0.1":                  "eta: is of the learning without a rule",
		"rule.optimizer.lr=0.1 eta_last=0.1":             "eta_last: is of",
		"rule.optimizer.lr=0.1 p=1":                      "p: is of",
		"rule.optimizer.lr=0.1 clip=1":                   "clip: is of",
		"rule.optimizer.lr=0.1 tau=1":                    "tau: is of",
		"rule.optimiser.lr=0.1":                          `did you mean "optimizer"?`,
		"rule.mask=bernoulli rule.mask[0].layers=[2]":    "layer 2 of a network that has 1",
		"rule.optimizer=bop rule.clip=value":             "rule.clip: cuts Δw",
		"rule.optimizer.lr=0.1 paths=10000000":           "paths: 10000000 paths of 50 steps take",
	} {
		theorytest.Refused(t, "mixture", settings, want)
	}
}

// Where a rule diverges the rates of SGD, which it does not have, are not blamed.
func TestRuleDiverges(t *testing.T) {
	p := ruled(t, "rule.optimizer.lr=1e30", "steps=5", "paths=200").Problem()
	if _, err := p.Solve(context.Background(), 200, 0); err == nil || !strings.Contains(err.Error(), "smaller updates by rule.optimizer") {
		t.Errorf("error %v", err)
	}
	if _, err := p.Simulate(context.Background(), 50, 0, 0); err == nil || !strings.Contains(err.Error(), "smaller updates by rule.optimizer") {
		t.Errorf("error of a simulation %v", err)
	}
}

// Stages that nobody has given are those of a run, also where the theory was not made by [theory.New].
func TestStagesThatAreMissing(t *testing.T) {
	m := clusters(0)
	m.Clip, m.P = math.Inf(1), 1
	m.Rule.Mask = []masks.MaskSpec{&rules.Bernoulli{P: 0.5, Redraw: "step"}}
	r := theorytest.PredictionOf(t, m)
	theorytest.Near(t, "m0", r.Rows[0][slices.Index(r.Columns, "m0")], 0.5, 0.01)
	if m.Rule.Mask = nil; m.rule() != nil {
		t.Error("there is a rule without a stage")
	}
}
