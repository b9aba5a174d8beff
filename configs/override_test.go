package configs

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/graph/models"
	"ergon/masks"
	"ergon/masks/rules"
)

// Overrides change what they name and nothing else.
func TestOverrides(t *testing.T) {
	// made returns a kind with its defaults, changed.
	subnet := func(change func(*rules.Subnet)) []masks.MaskSpec {
		m, _ := masks.Masks.New("subnet")
		change(m.(*rules.Subnet))
		return []masks.MaskSpec{m}
	}
	bernoulli := func(p float64) masks.MaskSpec {
		m, _ := masks.Masks.New("bernoulli")
		m.(*rules.Bernoulli).P = p
		return m
	}
	hidden := func(c *Config, sizes ...int) { c.Model.(*models.MLP).Hidden = sizes }
	for name, c := range map[string]struct {
		text      string
		overrides []string
		want      func(*Config) // changes the default
	}{
		"a kind, then its parameter": {
			"", []string{"rule.mask=subnet", "rule.mask[0].k=60"},
			func(c *Config) { c.Rule.Mask = subnet(func(m *rules.Subnet) { m.K = []int{60} }) },
		},
		"a parameter of the only mask, without index": {
			"", []string{"rule.mask=bernoulli", "rule.mask.p=0.125"},
			func(c *Config) { c.Rule.Mask = []masks.MaskSpec{bernoulli(0.125)} },
		},
		"a mask more": {
			"rule: {mask: subnet}", []string{"rule.mask[1]={kind: bernoulli, p: 0.25}"},
			func(c *Config) { c.Rule.Mask = append(subnet(func(*rules.Subnet) {}), bernoulli(0.25)) },
		},
		"a kind with parameters": {
			"", []string{"rule.mask=[{kind: subnet, k: [20, 10], biases: false}, full]"},
			func(c *Config) {
				c.Rule.Mask = append(subnet(func(m *rules.Subnet) { m.K, m.Biases = []int{20, 10}, false }), &rules.Full{})
			},
		},
		"a list":                 {"", []string{"model.hidden=[200,100]"}, func(c *Config) { hidden(c, 200, 100) }},
		"a list of one":          {"", []string{"model.hidden=200"}, func(c *Config) { hidden(c, 200) }},
		"an empty list":          {"", []string{"model.hidden=[]"}, func(c *Config) { hidden(c) }},
		"an element":             {"model: {hidden: [3, 4]}", []string{"model.hidden[0]=5"}, func(c *Config) { hidden(c, 5, 4) }},
		"an element of defaults": {"", []string{"train.goals[1]=0.92"}, func(c *Config) { c.Train.Goals[1] = 0.92 }},
		"an element more":        {"", []string{"model.hidden[1]=50"}, func(c *Config) { hidden(c, 100, 50) }},
		"no bound":               {"", []string{"rule.clip=value", "rule.clip.bound=.inf"}, func(c *Config) { c.Rule.Clip = &rules.ClipValue{Bound: []float64{math.Inf(1)}} }},
		"no bound, as shells have it": {
			"", []string{"rule.clip={kind: norm, bound: inf}"},
			func(c *Config) { c.Rule.Clip = &rules.ClipNorm{Bound: math.Inf(1), Per: "network"} },
		},
		"no bound, in a file":    {"rule: {clip: {kind: norm, bound: .inf}}", nil, func(c *Config) { c.Rule.Clip = &rules.ClipNorm{Bound: math.Inf(1), Per: "network"} }},
		"largest seed":           {"", []string{"seed=18446744073709551615"}, func(c *Config) { c.Seed = math.MaxUint64 }},
		"largest seed, in file":  {"seed: 18446744073709551615", nil, func(c *Config) { c.Seed = math.MaxUint64 }},
		"a seed above 2^53":      {"seed: 9007199254740993", nil, func(c *Config) { c.Seed = 1<<53 + 1 }},
		"file over default":      {"train: {batch: 8}", nil, func(c *Config) { c.Train.Batch = 8 }},
		"override over file":     {"train: {batch: 8, epochs: 2}", []string{"train.batch=16"}, func(c *Config) { c.Train.Batch, c.Train.Epochs = 16, 2 }},
		"later over earlier":     {"train: {batch: 8}", []string{"train.batch=16", "train.batch=64"}, func(c *Config) { c.Train.Batch = 64 }},
		"a mapping keeps others": {"", []string{"train.batch=16", "train={epochs: 2}"}, func(c *Config) { c.Train.Batch, c.Train.Epochs = 16, 2 }},
		"a mapping over a file":  {"train: {batch: 8, epochs: 3}", []string{"train={epochs: 2}"}, func(c *Config) { c.Train.Batch, c.Train.Epochs = 8, 2 }},
		"a mapping in a mapping": {
			"rule: {clip: {kind: norm, bound: 3}}", []string{"rule={clip: {per: layer}, mask: subnet}"},
			func(c *Config) {
				c.Rule.Mask, c.Rule.Clip = subnet(func(*rules.Subnet) {}), &rules.ClipNorm{Bound: 3, Per: "layer"}
			},
		},
		"a mapping into a bare word": {
			"rule: {clip: norm}", []string{"rule.clip={bound: 3}"},
			func(c *Config) { c.Rule.Clip = &rules.ClipNorm{Bound: 3, Per: "network"} },
		},
		"a mapping with its kind replaces": {
			"rule: {clip: {kind: norm, bound: 3, per: layer}}", []string{"rule.clip={kind: norm, bound: 4}"},
			func(c *Config) { c.Rule.Clip = &rules.ClipNorm{Bound: 4, Per: "network"} },
		},
		"a mapping of an element": {
			"rule: {mask: [{kind: bernoulli, p: 0.25, redraw: never}]}", []string{"rule.mask[0]={p: 0.125}"},
			func(c *Config) {
				c.Rule.Mask = []masks.MaskSpec{&rules.Bernoulli{P: 0.125, Redraw: "never", Scope: masks.Scope{Biases: true}}}
			},
		},
		"lists are replaced": {"model: {hidden: [3, 4]}", []string{"model={hidden: [5]}"}, func(c *Config) { hidden(c, 5) }},
		"part over whole":    {"", []string{"train={epochs: 2, batch: 16}", "train.batch=64"}, func(c *Config) { c.Train.Batch, c.Train.Epochs = 64, 2 }},
		"a parameter of the file's kind": {
			"rule: {clip: {kind: norm, bound: 3}}", []string{"rule.clip.bound=4"},
			func(c *Config) { c.Rule.Clip = &rules.ClipNorm{Bound: 4, Per: "network"} },
		},
		"another kind drops parameters": {
			"rule: {clip: {kind: norm, bound: 3}}", []string{"rule.clip.kind=value"},
			func(c *Config) { c.Rule.Clip = &rules.ClipValue{Bound: []float64{0.01}} },
		},
		"the same kind keeps them": {
			"rule: {clip: {kind: norm, bound: 3}}", []string{"rule.clip.kind=norm"},
			func(c *Config) { c.Rule.Clip = &rules.ClipNorm{Bound: 3, Per: "network"} },
		},
		"below a default kind":           {"", []string{"model.init=normal", "model.init.std=1e-3"}, func(c *Config) { c.Model.(*models.MLP).Init = &models.Normal{Std: 1e-3} }},
		"text that looks like 7":         {"", []string{"name=007"}, func(c *Config) { c.Name = "007" }},
		"a word of a choice":             {"", []string{"model.bias=false"}, func(c *Config) { c.Model.(*models.MLP).Bias = "false" }},
		"keys ignore case":               {"Train: {BATCH: 8}", []string{"TRAIN.Epochs=2"}, func(c *Config) { c.Train.Batch, c.Train.Epochs = 8, 2 }},
		"a limit of presentations alone": {"train: {epochs: 0}", []string{"train.max_presentations=7"}, func(c *Config) { c.Train.Epochs, c.Train.MaxPresentations = 0, 7 }},
		"a limit of steps alone":         {"train: {epochs: 0}", []string{"train.max_steps=7"}, func(c *Config) { c.Train.Epochs, c.Train.MaxSteps = 0, 7 }},
		"no price table":                 {"", []string{"energy.prices=[]"}, func(c *Config) { c.Energy.Prices = nil }},
		"equals sign in a value":         {"", []string{"out.dir=a=b"}, func(c *Config) { c.Out.Dir = "a=b" }},
		"an empty string":                {"out: {dir: x}", []string{`out.dir=""`}, func(c *Config) { c.Out.Dir = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			want := Default()
			c.want(&want)
			got, err := parse([]byte(c.text), "test.yaml", c.overrides)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&want, got, exact); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(got, reload(t, got, true), exact); diff != "" {
				t.Errorf("(-loaded +loaded back):\n%s", diff)
			}
		})
	}
}

// Two loads share nothing that one could change under the other.
func TestLoadsAreIndependent(t *testing.T) {
	a := load(t, "mnist")
	a.Train.Goals[0] = 0.5
	a.Model.(*models.MLP).Hidden[0] = 1
	a.Rule.Mask[0].(*rules.Bernoulli).P = 1
	if diff := cmp.Diff(load(t, ""), load(t, "mnist"), exact); diff != "" {
		t.Error(diff)
	}
	if b := load(t, "mnist"); b.Train.Goals[0] != 0.9 || b.Model.(*models.MLP).Hidden[0] != 100 || b.Rule.Mask[0].(*rules.Bernoulli).P != 0.5 {
		t.Errorf("a load changed with another: %+v", b)
	}
}
