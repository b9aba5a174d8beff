package concentration

import (
	"fmt"
	"strings"

	"ergon/internal/schema"
	"ergon/theory/descent"
)

// selected is a rule with the settings that make it.
type selected struct {
	label    string
	settings []string
}

// listed are the rules that are tried unless others are named: the largest updates, and what
// docs/results.md measures. Their labels are those of the benchmark papers/vanrossum2024-rules
// where it has the like.
func (c *Concentration) listed(classes bool) (all []selected) {
	for _, among := range []struct{ scope, label string }{{"layer", ""}, {"neuron", " per neuron"}, {"network", " network"}} {
		for _, p := range c.P {
			all = append(all, selected{
				fmt.Sprintf("competitive p=%g%s", p, among.label), []string{fmt.Sprintf("mask={kind: competitive, p: %g, scope: %s}", p, among.scope)},
			})
		}
	}
	if classes {
		all = append(all, selected{"lazy", []string{"gate=lazy"}})
	}
	return append(all,
		selected{"random synapses p=0.3", []string{"mask={kind: bernoulli, p: 0.3}"}},
		selected{"fixed synapses p=0.3", []string{"mask={kind: synapses, p: 0.3}"}},
		selected{"random neurons p=0.3", []string{"mask={kind: neurons, p: 0.3, layers: [1]}"}},
		selected{"fixed neurons p=0.3", []string{"mask={kind: neurons, p: 0.3, redraw: never, layers: [1]}"}},
		selected{"smallest p=0.5", []string{"mask={kind: competitive, p: 0.5, order: smallest}"}},
		selected{"mixed precision epsilon=0.02", []string{"cache={kind: mixed_precision, epsilon: 0.02}"}},
	)
}

// rules returns the rules to try, and notes on those of the benchmark that cannot be.
func (c *Concentration) rules(run *descent.Run, measured *bench) (all []descent.Rule, left []string, err error) {
	for i, text := range c.Select {
		settings := strings.Split(text, ";")
		rule, err := run.Rule(strings.TrimSpace(text), settings)
		if err != nil {
			return nil, nil, schema.Fieldf("select", "rule %d, %s: %v", i+1, text, err)
		}
		all = append(all, rule)
	}
	if all != nil {
		return all, nil, nil
	}
	if measured == nil {
		for _, s := range c.listed(run.Classes() >= 2) {
			rule, err := run.Rule(s.label, s.settings)
			if err != nil { // the network is too small for it, or of another kind
				left = append(left, fmt.Sprintf("left out: %s: %v", s.label, err))
				continue
			}
			all = append(all, rule)
		}
		return all, left, nil
	}
	for _, s := range measured.selections() {
		rule, err := run.Rule(s.label, s.settings)
		if err != nil {
			left = append(left, fmt.Sprintf("left out: %s: %v", s.label, err))
			continue
		}
		all = append(all, rule)
	}
	if all == nil {
		return nil, nil, schema.Fieldf("bench", "%s has no rule that can be tried on this run: %s", c.Bench, strings.Join(left, "; "))
	}
	return all, left, nil
}
