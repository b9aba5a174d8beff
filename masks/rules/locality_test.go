package rules_test

import (
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

// What is not alone is found out, of masks and of clips; what is passes.
func TestFalseLocalityIsFound(t *testing.T) {
	net := masks.Network{Layers: []masks.Layer{{In: 30, Out: 1}}}
	spec, _ := masks.Masks.New("competitive")
	for name, c := range map[string]struct {
		change func(*masks.Rule)
		want   string
	}{
		"plain":       {func(*masks.Rule) {}, ""},
		"bernoulli":   {func(r *masks.Rule) { r.Mask = []masks.MaskSpec{&rules.Bernoulli{P: 0.5, Redraw: "step"}} }, ""},
		"competitive": {func(r *masks.Rule) { r.Mask = []masks.MaskSpec{spec} }, "learns of synapse"},
		"norm":        {func(r *masks.Rule) { r.Clip = &rules.ClipNorm{Bound: 0.1, Per: "network"} }, "learns of synapse"},
	} {
		rule := rules.Default()
		c.change(&rule)
		if err := maskstest.CheckAlone(&rule, net, 5); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// The rule is as local as its least local stage.
func TestLocalityOfRules(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*masks.Rule)
		want   masks.Locality
		err    string
	}{
		"plain": {func(*masks.Rule) {}, masks.Alone, ""},
		"norm":  {func(r *masks.Rule) { r.Clip = &rules.ClipNorm{Bound: 1, Per: "layer"} }, masks.MeanField, ""},
		"two masks": {func(r *masks.Rule) {
			r.Mask = []masks.MaskSpec{&rules.Bernoulli{P: 0.5, Redraw: "step"}, &rules.Neurons{P: 0.5, Side: "post", Redraw: "step"}}
		}, 0, "rule.mask[1].kind: neurons is not local"},
		"relative": {func(r *masks.Rule) { r.Optimizer = &rules.SGD{LearningRate: 1, Rate: "relative"} }, 0, "rule.optimizer.rate: relative"},
		"gate":     {func(r *masks.Rule) { r.Gate = &rules.Lazy{} }, 0, "rule.gate.kind: lazy is not local"},
		"error":    {func(r *masks.Rule) { r.Error = &rules.MeProp{K: 1} }, 0, "rule.error.kind: meprop is not local"},
		"sphere":   {func(r *masks.Rule) { r.Project = &masks.Sphere{Norm: 1} }, 0, "rule.project.kind: sphere is not local"},
	} {
		rule := rules.Default()
		c.change(&rule)
		got, err := rule.Locality()
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.HasPrefix(err.Error(), c.err) {
			t.Errorf("%s: %v, %v; want %v, %q", name, got, err, c.want, c.err)
		}
	}
}
