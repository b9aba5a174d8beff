package sweep

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Asked is what a benchmark was asked to compare: its results hold it, so that no
// other benchmark takes their place unnoticed.
type Asked struct {
	Name    string              `json:"name"`
	Base    string              `json:"base"`
	Set     []string            `json:"set"`   // path=value, those of the command line last
	Rules   map[string][]string `json:"rules"` // settings by label
	Grid    []string            `json:"grid"`  // path=[values]
	Goals   []float64           `json:"goals"`
	Stop    bool                `json:"stop"`
	Budget  int                 `json:"budget"`
	Tune    map[string]string   `json:"tune,omitempty"` // a search's keys; nil without --tune
	Configs map[string]string   `json:"configs"`        // hash by label of a rule at a grid point, with seed 0
}

// Asked returns what the benchmark is asked to compare, or with tune what it is asked
// to search, under the settings of the command line.
func (b *Bench) Asked(overrides []Setting, tune bool) (*Asked, error) {
	arms, resolved, err := b.resolve(overrides)
	if err != nil {
		return nil, err
	}
	a := &Asked{
		Name: b.Name, Base: b.Base, Set: slices.Concat(texts(b.Set), texts(overrides)), Rules: map[string][]string{},
		Goals: b.Goals, Stop: b.Stop, Budget: b.Budget, Configs: map[string]string{},
	}
	for _, rule := range b.Rules {
		a.Rules[rule.Label] = texts(rule.Set)
	}
	for _, axis := range b.Grid {
		var values []string
		for _, v := range axis.Values {
			values = append(values, v.Value)
		}
		a.Grid = append(a.Grid, axis.Path+"=["+strings.Join(values, ", ")+"]")
	}
	for i, arm := range arms {
		config := *resolved[i]
		config.Seed = 0
		if a.Configs[arm.label], err = config.Hash(); err != nil {
			return nil, err
		}
	}
	if tune {
		a.Tune = b.Tune.keys()
	}
	return a, nil
}

// texts writes settings as overrides.
func texts(settings []Setting) (all []string) {
	for _, s := range settings {
		all = append(all, s.Path+"="+s.Value)
	}
	return all
}

// keys writes a search's keys.
func (t *Tune) keys() map[string]string {
	var search []string
	for _, d := range t.Search {
		search = append(search, d.Path+"="+d.String())
	}
	keys := map[string]string{
		"label": t.Label, "set": fmt.Sprint(texts(t.Set)), "search": fmt.Sprint(search), "price": fmt.Sprint(t.Price),
		"candidates": fmt.Sprint(t.Candidates), "keep": fmt.Sprint(t.Keep), "rungs": fmt.Sprint(t.Rungs),
		"seeds": fmt.Sprint(t.Seeds), "fresh": fmt.Sprint(t.Fresh),
	}
	if t.Limit != nil {
		keys["limit"] = t.Limit.String()
	}
	return keys
}

// differences lists the keys in which results that were asked for differ from what is
// asked now; none if now is the same, or more of it: what is added takes no result's place.
func (a *Asked) differences(now *Asked) (keys []string) {
	if a.Name == now.Name && holds(now.Configs, a.Configs) && maps.Equal(a.Tune, now.Tune) {
		return nil
	}
	note := func(key string, there, here any) {
		if x, y := fmt.Sprint(there), fmt.Sprint(here); x != y {
			keys = append(keys, fmt.Sprintf("%s (%s there, %s here)", key, x, y))
		}
	}
	note("name", a.Name, now.Name)
	note("base", a.Base, now.Base)
	note("set", a.Set, now.Set)
	note("grid", a.Grid, now.Grid)
	note("goals", a.Goals, now.Goals)
	note("stop", a.Stop, now.Stop)
	note("budget", a.Budget, now.Budget)
	for _, label := range slices.Sorted(maps.Keys(a.Rules)) {
		if set, ok := now.Rules[label]; !ok {
			keys = append(keys, fmt.Sprintf("rules (%q there is not here)", label))
		} else {
			note(fmt.Sprintf("rules %q", label), a.Rules[label], set)
		}
	}
	switch {
	case a.Tune == nil && now.Tune != nil:
		keys = append(keys, "tune (no search there)")
	case a.Tune != nil && now.Tune == nil:
		keys = append(keys, "tune (a search there)")
	default:
		either := maps.Clone(a.Tune)
		maps.Copy(either, now.Tune)
		for _, key := range slices.Sorted(maps.Keys(either)) {
			note("tune."+key, cmp.Or(a.Tune[key], "none"), cmp.Or(now.Tune[key], "none"))
		}
	}
	if len(keys) == 0 {
		keys = append(keys, fmt.Sprintf("what %s says", now.Base))
	}
	return keys
}

// holds says whether all of part is in whole.
func holds(whole, part map[string]string) bool {
	for key, value := range part {
		if got, ok := whole[key]; !ok || got != value {
			return false
		}
	}
	return true
}
