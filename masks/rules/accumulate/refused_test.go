package accumulate_test

import (
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/device"
	"ergon/masks/maskstest"
)

// What does not go together is refused, by the name of the setting that is in the way.
func TestRefused(t *testing.T) {
	fixed := masks.Network{Layers: []masks.Layer{{In: 7, Out: 5, Bias: true}, {In: 5, Out: 3, Bias: true, Fixed: true}}, Classes: 3}
	tied := masks.Network{Layers: []masks.Layer{{In: 7, Out: 5, Bias: true}, {In: 5, Out: 7, Bias: true, Tied: true}}, Classes: 3}
	scaled := masks.Network{Layers: []masks.Layer{{In: 7, Out: 5, ScaleInvariant: true}, {In: 5, Out: 3, Bias: true}}, Classes: 3}
	levels := map[string]any{"kind": "mixed_precision", "levels": 8}
	for _, c := range []struct {
		net  masks.Network
		rule map[string]any
		want string
	}{
		{small, map[string]any{"cache": "low_rank", "mask": "bernoulli"}, "rule.mask"},
		{small, map[string]any{"cache": "low_rank", "clip": "value"}, "rule.clip"},
		{small, map[string]any{"cache": "low_rank", "optimizer": "adam"}, "rule.optimizer"},
		{small, map[string]any{"cache": "low_rank", "synapse": "stochastic"}, "rule.synapse"},
		{fixed, map[string]any{"cache": "low_rank"}, "rule.cache"},
		{tied, map[string]any{"cache": "low_rank"}, "rule.cache"},
		{small, map[string]any{"cache": levels, "synapse": "stochastic"}, "rule.synapse"},
		{tied, map[string]any{"cache": levels}, "rule.cache.levels"},
		{scaled, map[string]any{"cache": "mixed_precision", "project": "sphere"}, "rule.project"},
		{scaled, map[string]any{"cache": "stochastic_rounding", "project": "sphere"}, "rule.project"},
		{scaled, map[string]any{"cache": "tiki_taka", "project": "sphere"}, "rule.project"},
		{scaled, map[string]any{"cache": "tiki_taka2", "project": "sphere"}, "rule.project"},
		{scaled, map[string]any{"cache": "low_rank", "project": "sphere"}, "rule.project"},
		{scaled, map[string]any{"cache": "metaplastic", "project": "sphere"}, "rule.project"},
	} {
		rule, err := maskstest.Decode(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cpu.NewUpdater(rule, c.net, 1, nil); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: %v, want an error of %s", c.rule, err, c.want)
		}
	}
	for _, c := range []struct {
		cache map[string]any
		want  string
	}{
		{map[string]any{"kind": "mixed_precision", "levels": 1}, "cache.levels"},
		{map[string]any{"kind": "mixed_precision", "levels": 4, "epsilon": 0}, "cache.levels"},
		{map[string]any{"kind": "tiki_taka2", "epsilon": 0}, "cache.epsilon"},
		{map[string]any{"kind": "stochastic_rounding", "epsilon": "pmc"}, "cache.epsilon"},
	} {
		if _, err := maskstest.Decode(map[string]any{"cache": c.cache}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: %v, want an error of %s", c.cache, err, c.want)
		}
	}
}

// The GPU has no kernel for any of them, and says so by name.
func TestGPURefuses(t *testing.T) {
	for _, kind := range []string{"mixed_precision", "stochastic_rounding", "tiki_taka", "tiki_taka2", "low_rank", "metaplastic"} {
		rule, err := maskstest.Decode(map[string]any{"cache": kind})
		if err != nil {
			t.Fatal(err)
		}
		if err := device.Check(rule, small, 1); err == nil || !strings.Contains(err.Error(), kind+" has no kernel") {
			t.Errorf("%s on a GPU: %v", kind, err)
		}
	}
}
