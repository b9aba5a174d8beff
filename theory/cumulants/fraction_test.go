package cumulants

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"

	"ergon/configs"
	"ergon/masks"
	"ergon/masks/cpu"
)

// averaged are masks of all kinds that can be averaged over.
var averaged = []string{
	"rule.mask=full",
	"rule.mask=[{kind: bernoulli, p: 0.2}]",
	"rule.mask=[{kind: bernoulli, p: 0.2, biases: false}]",
	"rule.mask=[{kind: bernoulli, p: 0.2, layers: [2]}]",
	"rule.mask=[{kind: neurons, p: 0.4, side: post}]",
	"rule.mask=[{kind: neurons, p: 0.4, side: pre}]",
	"rule.mask=[{kind: neurons, p: 0.4, side: both}]",
	"rule.mask=[{kind: subnet, k: [5]}]",
	"rule.mask=[{kind: subnet, k: [5], biases: false}]",
	"rule.mask=[{kind: frozen, layers: [1]}]",
	"rule.mask=[{kind: bernoulli, p: 0.5}, {kind: neurons, p: 0.4}, {kind: subnet, k: [8]}]",
}

func testNetwork() masks.Network {
	return masks.Network{Layers: []masks.Layer{{In: 12, Out: 16, Bias: true}, {In: 16, Out: 3, Bias: true}}, Classes: 3}
}

func loaded(t *testing.T, override string) *configs.Config {
	t.Helper()
	c, err := configs.Load("../testdata/pathintegral/config.yaml", []string{override})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The fractions are how often a synapse is kept: of 2000 draws, 5 standard errors.
func TestFractionsAreThoseOfDraws(t *testing.T) {
	const draws = 2000
	for _, rule := range averaged {
		specs, net := loaded(t, rule).Rule.Mask, testNetwork()
		d, err := newDraw(specs, net, 1)
		if err != nil {
			t.Fatal(err)
		}
		counts := like[float64](d.plastic)
		for range draws {
			if err := d.next(); err != nil {
				t.Fatal(err)
			}
			for a, plastic := range d.plastic {
				for i, m := range plastic {
					counts[a][i] += float64(m)
				}
			}
		}
		for a, s := range synapses(net) {
			p, err := fractions(specs, net, s)
			if err != nil {
				t.Fatal(err)
			}
			for i, count := range counts[a] {
				if wide := 5 * math.Sqrt(p[i]*(1-p[i])/draws); math.Abs(count/draws-p[i]) > wide {
					t.Errorf("%s: synapse %d of array %d is kept in %.3f of the draws, want %.3f ± %.3f", rule, i, a, count/draws, p[i], wide)
					break
				}
			}
		}
	}
}

// A draw is the mask that an Updater of the same seed applies.
func TestDrawIsTheUpdatersMask(t *testing.T) {
	r := opened(t, trained(t, averaged[len(averaged)-1]))
	m, err := newMachine(r.config, r.run.Data)
	if err != nil {
		t.Fatal(err)
	}
	defer m.engine.Close()
	updater, err := cpu.NewUpdater(r.config.Rule, r.network(), 9, nil)
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDraw(r.config.Rule.Mask, r.network(), 9)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for number := range 20 {
		parameters, err := m.present(number)
		if err != nil {
			t.Fatal(err)
		}
		before := copied(m.weights)
		if err := updater.Step(parameters); err != nil {
			t.Fatal(err)
		}
		if err := d.next(); err != nil {
			t.Fatal(err)
		}
		for a, plastic := range d.plastic {
			for i, now := range m.weights[a] {
				if now != before[a][i] {
					changed++
					if plastic[i] == 0 {
						t.Fatalf("step %d: synapse %d of array %d changed outside the mask", number, i, a)
					}
				}
			}
		}
	}
	kept := 20 * stat.Mean(r.Law.Fractions[0], nil) * float64(len(r.Law.Fractions[0]))
	if float64(changed) < kept/2 {
		t.Errorf("%d changes in 20 steps, want about %.0f in layer 1 alone: the test sees too little", changed, kept)
	}
}
