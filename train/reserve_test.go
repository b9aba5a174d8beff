package train

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/internal/gpu/testdevice"
	"ergon/masks"
)

// poor has an income on which few updates are made: one changes a few hundred synapses.
const poor = "rule.gate={kind: reserve, income: 15, cost_m0: 1, cost_m1: 3, threshold: 20, initial: 700}"

// onIncome is the task for a reserve, without a mask.
func onIncome(t *testing.T, settings ...string) *Run {
	t.Helper()
	return begin(t, load(t, tiny, append([]string{"rule.mask=full", poor, "train.batch=1", "rule.optimizer.lr=0.05"}, settings...)...))
}

// An update is made if the reserve pays for all of it: after every step the balance is that of a
// recount of the weights' changes, it closes, and it is never below 0. A step in which the reserve held less than
// the threshold had no backward pass, and one that could not be paid changed nothing.
func TestReservePaysForEveryUpdate(t *testing.T) {
	for _, settings := range [][]string{
		{}, {"train.batch=8"}, {"rule.gate.misclassified=true"}, {"rule.mask={kind: competitive, p: 0.2}"}, {"rule.clip={kind: norm, bound: 0.01}"},
		{"rule.optimizer={kind: langevin, lr: 0.05, temperature: 1e-6}"},
	} {
		r := onIncome(t, settings...)
		gate := r.updater.Reserve()
		shut, refused, made := 0, 0, 0
		for range 500 {
			before, held := snapshot(r.Model), gate.Balance()
			open := gate.Opens([]float32{1, 0, 0}, []float32{0, 1, 0}) // a misclassified presentation
			backward, m0, m1, opened := r.Ledger.Total().MACsBackward, r.Ledger.Total().M0, r.Ledger.Total().M1, r.OpenSteps
			samples := r.Samples
			advance(t, r)
			b, total := gate.Balance(), r.Ledger.Total()
			if open != (held.Left >= 20) || !open && total.MACsBackward != backward {
				t.Fatalf("%v, step %d: the gate is open: %t, at %v; %d MACs backward", settings, r.Steps, open, held.Left, total.MACsBackward-backward)
			}
			same := slices.EqualFunc(before, arrays(r.Model), slices.Equal)
			paid := float64(total.M0-m0) + 3*(total.M1-m1)
			income := 15 * float64(r.Samples-samples)
			switch {
			case b.Refused > held.Refused:
				refused++
				if !same || paid != 0 || b.Spent != held.Spent || r.OpenSteps != opened || total.MACsBackward == backward {
					t.Fatalf("%v, step %d: refused, and weights are the same: %t, paid %v, %+v", settings, r.Steps, same, paid, b)
				}
			case r.OpenSteps > opened:
				made++
			default:
				shut++
				if !same || paid != 0 {
					t.Fatalf("%v, step %d: shut, and weights are the same: %t, paid %v", settings, r.Steps, same, paid)
				}
			}
			if math.Abs(held.Left+income-paid-b.Left) > 1e-9*b.Income || b.Left < 0 || b.Initial+b.Income-b.Spent != b.Left {
				t.Fatalf("%v, step %d: %+v, then %v received and %v paid, then %+v", settings, r.Steps, held, income, paid, b)
			}
			if most := 700 + 15*float64(r.Samples); float64(total.M0) > most || b.Income != 15*float64(r.Samples) {
				t.Fatalf("%v, step %d: M0 is %d, on %v", settings, r.Steps, total.M0, most)
			}
		}
		if shut == 0 || refused == 0 || made == 0 {
			t.Errorf("%v: %d steps shut, %d refused, %d with an update", settings, shut, refused, made)
		}
	}
}

// Where updates cost nothing the reserve is no gate, to the last bit of weights and ledger.
func TestFreeUpdatesAreThePlainRun(t *testing.T) {
	for _, batch := range []string{"train.batch=1", "train.batch=8"} {
		plain := begin(t, load(t, tiny, "rule.mask=full", batch))
		free := begin(t, load(t, tiny, "rule.mask=full", batch, "rule.gate={kind: reserve, income: 0, cost_m0: 0}"))
		for range 100 {
			advance(t, plain)
			advance(t, free)
		}
		if !slices.EqualFunc(arrays(plain.Model), arrays(free.Model), slices.Equal) {
			t.Errorf("%s: other weights than without the gate", batch)
		}
		if a, b := plain.Ledger.Total(), free.Ledger.Total(); a != b {
			t.Errorf("%s: account %+v, without the gate %+v", batch, b, a)
		}
		if plain.updater.Writes().Endured(plain.network()).Max != free.updater.Writes().Endured(free.network()).Max {
			t.Errorf("%s: other writes than without the gate", batch)
		}
	}
}

// A refused update is taken back where rates fall and noise is drawn, too: the updates made are those
// that a run would make that is shown nothing but their presentations.
func TestRefusedUpdatesAreAsIfShut(t *testing.T) {
	c := load(t, tiny, "rule.mask=full", poor, "rule.gate.threshold=0", "train.batch=1", "rule.optimizer={kind: sgd, lr: 0.1, half: 3}")
	r := begin(t, c)
	for range 200 {
		before := snapshot(r.Model)
		opened := r.OpenSteps
		advance(t, r)
		if r.OpenSteps == opened {
			continue
		}
		// Δw = -η_n g: of the last bias, whose gradient is its error.
		rate := 0.1 / (1 + float64(opened)/3)
		p := r.programs[1]
		last := len(before) - 1
		g := p.Error(p.Layers() - 1)
		want := before[last][0] + float32(-float32(rate)*g[0])
		if got := arrays(r.Model)[last][0]; got != want {
			t.Fatalf("step %d, update %d: a bias is %v, want %v", r.Steps, opened, got, want)
		}
	}
	if b := r.updater.Reserve().Balance(); b.Refused == 0 || r.OpenSteps < 10 {
		t.Errorf("%+v, %d updates", b, r.OpenSteps)
	}
}

// The writes counted are those of updates made.
func TestRefusedUpdatesWriteNothing(t *testing.T) {
	for _, settings := range [][]string{{}, {"train.batch=8"}, {"rule.mask={kind: competitive, p: 0.2}"}, {"rule.mask={kind: neurons, p: 0.5}"}} {
		r := onIncome(t, settings...)
		for range 300 {
			advance(t, r)
		}
		var total int64
		for _, counts := range r.updater.Writes().Counts {
			for _, n := range counts {
				total += int64(n)
			}
		}
		if m0 := r.Ledger.Total().M0; total != m0 || r.updater.Reserve().Balance().Refused == 0 {
			t.Errorf("%v: %d writes, M0 is %d, balance %+v", settings, total, m0, r.updater.Reserve().Balance())
		}
	}
}

// A run that was stopped goes on with what its reserve held.
func TestRestoredReserveGoesOn(t *testing.T) {
	for _, batch := range []string{"train.batch=1", "train.batch=8"} {
		goesOn(t, load(t, tiny, "rule.mask=full", poor, batch, "train.epochs=4", "train.log_every=4"), 24)
	}
}

// The summary says what was received and spent.
func TestSummaryOfAReserve(t *testing.T) {
	s, err := onIncome(t).Train(context.Background())
	if err != nil || s.Reserve == nil {
		t.Fatal(err, s.Reserve)
	}
	b := *s.Reserve
	if b.Initial != 700 || b.Income != 15*float64(s.Samples) || math.Abs(b.Spent-float64(s.Energy.M0)-3*s.Energy.M1) > 1e-9*b.Spent ||
		b.Initial+b.Income-b.Spent != b.Left || b.Refused == 0 {
		t.Errorf("%+v, M0 %d, M1 %v", b, s.Energy.M0, s.Energy.M1)
	}
	plain, err := begin(t, load(t, tiny)).Train(context.Background())
	if err != nil || plain.Reserve != nil {
		t.Error(err, plain.Reserve)
	}
}

// What a refused update would leave behind, or nobody would pay for, is refused by name.
func TestReserveRefuses(t *testing.T) {
	testdevice.Use(t)
	for setting, want := range map[string]string{
		"rule.optimizer=adam":             "adam",
		"rule.optimizer=momentum":         "momentum",
		"rule.cache=synaptic":             "synaptic",
		"rule.cache=" + "mixed_precision": "mixed_precision",
		"rule.synapse=stochastic":         "stochastic",
		"engine.device=gpu":               "reserve has no kernel",
	} {
		r, err := New(load(t, tiny, "rule.mask=full", "rule.gate=reserve", setting))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that names %q", setting, err, want)
		}
		if err == nil {
			r.Close()
		}
	}
	targets := masks.Network{Layers: []masks.Layer{{In: 2, Out: 1}}}
	gate, _ := masks.Gates.New("reserve")
	if err := gate.Check(targets); err != nil {
		t.Error(err)
	}
}
