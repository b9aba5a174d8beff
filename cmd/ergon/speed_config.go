package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"ergon/configs"
)

// speedRules are the masks that can be timed by name, with p put in for %g.
var speedRules = map[string]string{
	"dense":       "full",
	"bernoulli":   "{kind: bernoulli, p: %g, biases: false}",
	"neurons":     "{kind: neurons, p: %g, side: both}",
	"subnet":      "{kind: subnet, fraction: %g}",
	"competitive": "{kind: competitive, p: %g, biases: false}",
}

// channels is the mask of neurons of a convolutional network.
const channels = "{kind: neurons, p: %g, side: post}"

// flagSettings are the settings that a flag gives.
var flagSettings = map[string]string{
	"batch": "train.batch", "hidden": "model.hidden", "model": "model.kind",
	"rule": "rule.mask", "p": "rule.mask", "device": "engine.device",
}

// bySuite are the flags of which the suite has a list of its own.
var bySuite = []string{"batch", "hidden", "model", "rule", "p", "networks"}

// check refuses flags that contradict each other, or would do nothing.
func (o *speedOptions) check(given func(flag string) bool) error {
	bySetting := given
	if o.suite {
		for _, flag := range bySuite {
			if given(flag) {
				return fmt.Errorf("--%s: --suite times a list of its own; leave out one of the two", flag)
			}
		}
		bySetting = func(flag string) bool { return flag != "device" || given(flag) }
	}
	for _, flag := range slices.Sorted(maps.Keys(flagSettings)) {
		for _, assignment := range o.settings {
			path, _, _ := strings.Cut(assignment, "=")
			if !bySetting(flag) || !touches(strings.TrimSpace(path), flagSettings[flag]) {
				continue
			}
			if o.suite && flag != "device" {
				flag = "suite"
			}
			return fmt.Errorf("--%s and --set %s give the same setting; leave out one of the two", flag, assignment)
		}
	}
	switch {
	case given("p") && !given("rule"):
		return errors.New("--p: is the share that --rule keeps; name the rule too")
	case given("p") && o.rule == "dense" && o.p != 1:
		return errors.New("--p: dense keeps all synapses; choose another --rule")
	case given("hidden") && o.model != "mlp":
		return fmt.Errorf("--hidden: the hidden layers of a %s are settings; use --set model.channels and model.hidden", o.model)
	}
	return nil
}

// touches says whether an assignment to one path may change what is at the other. A
// kind's parameters stand beside it: model.width touches model.kind no more than
// model.hidden does, but model itself touches both.
func touches(assigned, path string) bool {
	assigned, path = strings.ToLower(assigned), strings.ToLower(path)
	within := func(a, b string) bool {
		rest, ok := strings.CutPrefix(a, b)
		return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
	}
	return within(assigned, path) || within(path, assigned) || path == "model.hidden" && assigned == "model.kind"
}

// config returns the run that is timed.
func (o *speedOptions) config() (*configs.Config, error) {
	mask, ok := speedRules[o.rule]
	if o.model == "convnet" && o.rule == "neurons" {
		mask = channels
	}
	if !ok {
		return nil, fmt.Errorf("--rule: unknown rule %q (rules: %s); for others use --set rule.mask=…", o.rule, strings.Join(slices.Sorted(maps.Keys(speedRules)), ", "))
	}
	if strings.Contains(mask, "%g") {
		mask = fmt.Sprintf(mask, o.p)
	}
	model, ok := map[string]string{"mlp": "model.hidden=" + list(o.hidden), "convnet": "model={kind: convnet}"}[o.model]
	if !ok {
		return nil, fmt.Errorf("--model: unknown model %q (models: mlp, convnet); for others use --set model=…", o.model)
	}
	return configs.Load("mnist", append([]string{
		"rule.mask=" + mask, "rule.clip={kind: value, bound: 0.01}", "rule.optimizer.lr=0.1",
		"engine.device=" + o.device,
		model, "train.batch=" + strconv.Itoa(o.batch),
	}, o.settings...))
}

// list formats numbers as in a config.
func list(numbers []int) string {
	all := make([]string, len(numbers))
	for i, n := range numbers {
		all[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(all, ",") + "]"
}
