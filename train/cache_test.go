package train

import (
	"context"
	"fmt"
	"math"
	"testing"

	"ergon/masks"
)

// The cache's account equals a recount: after every step the transient part of each
// synapse is computed by the formulas, one synapse at a time, from the weights before and
// after.
func TestCacheAccountEqualsARecount(t *testing.T) {
	const theta, tau, cost, change = 0.003, 40, 0.01, 1e-4
	for _, batch := range []int{1, 8} {
		c := load(t, tiny, fmt.Sprintf("train.batch=%d", batch), "rule.optimizer.lr=0.05",
			fmt.Sprintf("rule.cache={kind: synaptic, theta: %v, tau: %v, cost: %v, change_cost: %v, variant: synapse}", theta, tau, cost, change))
		r := begin(t, c)
		lasting := snapshot(r.Model)
		var m0 int64
		m1, transient := 0.0, 0.0
		for range 60 {
			samples := r.Samples
			advance(t, r)
			presentations := float64(r.Samples - samples)
			for a, w := range arrays(r.Model) {
				for i := range w {
					after := r.updater.Memory().Permanent()[a][i]
					if d := math.Abs(float64(after) - float64(lasting[a][i])); d != 0 {
						if d < theta*(1-1e-4) {
							t.Fatalf("consolidated %v, less than θ", d)
						}
						m0++
						m1 += d
						lasting[a][i] = after
					}
					s := math.Abs(float64(w[i])-float64(after)) * math.Exp(presentations/tau) // before it decayed
					if s > theta*(1+1e-4) {
						t.Fatalf("%v is transient, more than θ", s)
					}
					transient += s * presentations
				}
			}
		}
		residual := 0.0
		var left int64
		for a, w := range arrays(r.Model) {
			for i := range w {
				if d := math.Abs(float64(w[i]) - float64(lasting[a][i])); d != 0 {
					left++
					residual += d
				}
			}
		}
		paid := paidOf(r, r.Minimal())
		got := paid.Cache
		if got.M0Consolidated != m0 || got.ResidualM0 != left || paid.M0Paid != m0+left || m0 == 0 || left == 0 {
			t.Errorf("batch %d: consolidated %d, left %d, paid %d; a recount gives %d and %d", batch, got.M0Consolidated, got.ResidualM0, paid.M0Paid, m0, left)
		}
		price := m1 + residual + cost*transient + change*float64(m0+left)
		for name, pair := range map[string][2]float64{
			"m1_consolidated": {got.M1Consolidated, m1}, "residual_m1": {*got.ResidualM1, residual},
			// The decay rounds w, an error that is large compared to a small s.
			"transient_l1": {got.TransientL1, transient}, "m1_paid": {*paid.M1Paid, price}, "transient_cost": {*got.TransientCost, cost * transient},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-5*pair[1] {
				t.Errorf("batch %d, %s: %v, a recount gives %v", batch, name, pair[0], pair[1])
			}
		}
		layers := int64(0)
		for _, y := range r.Ledger.Layers {
			layers += y.Update.M0Consolidated
		}
		if layers != m0 {
			t.Errorf("the layers consolidated %d, the total is %d", layers, m0)
		}
	}
}

// While the gate is shut, transient changes still cost and decay.
func TestTimePassesBehindAShutGate(t *testing.T) {
	c := load(t, tiny, "rule.cache={kind: synaptic, theta: .inf, tau: 10}")
	r := begin(t, c)
	advance(t, r)
	before := *r.Ledger.Total().Cached
	r.updater.Rest(5)
	for _, change := range r.updater.Changes() {
		if change != (masks.Change{}) {
			t.Errorf("rest changed %+v", change)
		}
	}
	sum := 0.0
	for _, c := range r.updater.Memory().Consolidations() {
		sum += c.Transient
	}
	want := 5 * before.TransientL1 / 8 * math.Exp(-0.8) // after the batch of 8 it decayed
	if math.Abs(sum-want) > 1e-4*want {
		t.Errorf("five presentations keep %v, want %v", sum, want)
	}
}

// The limits, to the bit: θ = 0 costs what the plain rule does; θ = ∞ without
// decay and cost is the plain rule at the least possible price.
func TestCacheLimits(t *testing.T) {
	plain, _ := record(t, load(t, tiny))
	for _, variant := range []string{"synapse", "neuron", "neuron_sum"} {
		zero, _ := record(t, load(t, tiny, "rule.cache={kind: synaptic, theta: 0, variant: "+variant+"}"))
		if *zero.Energy.M1Paid != plain.Energy.M1 || zero.Energy.M0Paid != plain.Energy.M0 || *zero.TestLoss != *plain.TestLoss {
			t.Errorf("%s, θ = 0: paid %v, the plain rule %v", variant, *zero.Energy.M1Paid, plain.Energy.M1)
		}
		ideal, _ := record(t, load(t, tiny, "rule.cache={kind: synaptic, theta: .inf, tau: .inf, cost: 0, variant: "+variant+"}"))
		if *ideal.Energy.M1Paid != *plain.Energy.M1Min || *ideal.Energy.Cache.Inefficiency != 1 || *ideal.TestLoss != *plain.TestLoss {
			t.Errorf("%s, θ = ∞: paid %v, M1min of the plain rule is %v", variant, *ideal.Energy.M1Paid, *plain.Energy.M1Min)
		}
	}
	if plain.Energy.Cache != nil || plain.Energy.Cached != nil || *plain.Energy.M1Paid != plain.Energy.M1 || plain.Energy.M0Paid != plain.Energy.M0 {
		t.Errorf("without a cache: paid %v and %v", plain.Energy.M0Paid, *plain.Energy.M1Paid)
	}
}

// Totals that were returned do not change when the run goes on.
func TestAccountsStayAsTheyWere(t *testing.T) {
	r := begin(t, load(t, tiny, "rule.cache=synaptic"))
	advance(t, r)
	first := r.Ledger.Total()
	before := *first.Cached
	advance(t, r)
	if *first.Cached != before {
		t.Error("a total moved on with the run")
	}
	if s, err := r.Train(context.Background()); err != nil || s.Energy.Cache == nil || len(s.Crossings) > 0 && s.Crossings[0].Cache == nil {
		t.Errorf("summary %+v, error %v: want a cache in it", s, err)
	}
}
