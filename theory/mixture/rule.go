package mixture

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
	"ergon/theory"
)

var _ theory.Informed = (*Mixture)(nil)

// ofSGD are the settings of the learning that there is without a rule.
var ofSGD = []string{"eta", "eta_last", "p", "clip", "tau"}

// Given implements theory.Informed. A rule that is given begins as that of a run does, with plain SGD.
func (m *Mixture) Given(keys []string) {
	m.given = keys
	if slices.Contains(keys, "rule") {
		m.Rule = rules.Default()
	}
}

// rule returns the rule that learns, with the defaults of a run for stages that were not given; nil: there is none, and
// SGD learns by the settings of the theory itself.
func (m *Mixture) rule() *masks.Rule {
	r, whole := m.Rule, rules.Default()
	if len(r.Mask) == 0 && r.Gate == nil && r.Error == nil && r.Clip == nil && r.Optimizer == nil && r.Cache == nil && r.Project == nil && r.Synapse == nil {
		return nil
	}
	whole.Mask = r.Mask
	replace(&whole.Gate, r.Gate)
	replace(&whole.Error, r.Error)
	replace(&whole.Clip, r.Clip)
	replace(&whole.Optimizer, r.Optimizer)
	replace(&whole.Cache, r.Cache)
	replace(&whole.Project, r.Project)
	replace(&whole.Synapse, r.Synapse)
	return &whole
}

// replace sets a stage, if there is one.
func replace[Stage comparable](to *Stage, stage Stage) {
	var none Stage
	if stage != none {
		*to = stage
	}
}

// validateRule refuses rules that are not local, and settings that a rule replaces.
func (m *Mixture) validateRule() error {
	for _, key := range ofSGD {
		if slices.Contains(m.given, key) {
			return schema.Fieldf(key, "is of the learning without a rule, and rule is given: %s; leave out one of them", meaning[key])
		}
	}
	err := m.Problem().validateRule()
	if field, ok := errors.AsType[*schema.Error](err); ok {
		problem := field.Problem
		if field.Hint != "" {
			problem += "; " + field.Hint
		}
		return schema.Fieldf(field.Path, "%s", problem)
	}
	return err
}

// meaning says what takes the place of a setting of SGD.
var meaning = map[string]string{
	"eta":      "rule.optimizer has the learning rate",
	"eta_last": "rule.optimizer says how its rate falls",
	"p":        "rule.mask says which synapses may change",
	"clip":     "rule.clip bounds updates",
	"tau":      "it counts in units of eta·steps, and a rule has no eta",
}

// params marks the settings that are not those of what was computed as unknown.
func (m *Mixture) params() map[string]any {
	if m.rule() == nil {
		return map[string]any{"rule": nil}
	}
	params := map[string]any{}
	for _, key := range ofSGD {
		params[key] = nil
	}
	return params
}

// ruleNotes says what the numbers of a rule mean.
func (m *Mixture) ruleNotes() []string {
	if m.rule() == nil {
		return nil
	}
	notes := []string{fmt.Sprintf(
		"a step is one presentation to the rule; averages are over %d × paths weights, and have noise of their own, about as simulations of %d weights in all", arrays, arrays*m.Paths)}
	if m.meanField() {
		notes = append(notes, "what synapses know of each other, as a threshold or the length of the update, is a statistic of the paths, and of d weights in simulations; a bound on the length is per root of their number")
	}
	if m.meanField() && m.Simulate > 0 {
		notes = append(notes, "a competition among d weights has (1-p)/d more winners than p of them: simulations of few weights change more; counts that are certain are not compared")
	}
	if names := m.counted(); names != "" {
		notes = append(notes, names)
	}
	return notes
}

// meanField says whether synapses know of each other by statistics.
func (m *Mixture) meanField() bool {
	rule := m.rule()
	if rule == nil {
		return false
	}
	locality, err := rule.Locality()
	return err == nil && locality == masks.MeanField
}

// counted says what M0 and M1 count where a cache has a part in it.
func (m *Mixture) counted() string {
	if masks.Caches.Name(m.rule().Cache) == "none" {
		return ""
	}
	return strings.Join([]string{
		"m0 and m1 are changes of what the network computes with",
		"with transient parts permanent_m0 and permanent_m1 are what became permanent",
		"accumulate counts changes of numbers beside the weights, per synapse",
	}, "; ")
}
