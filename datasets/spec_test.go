package datasets

import (
	"strings"
	"testing"

	"ergon/internal/schema"
)

// What a user writes under data: arrives in the Spec, and mistakes are refused
// before anything is read.
func TestSpecsFromSettings(t *testing.T) {
	type settings struct {
		Data Spec `key:"data" doc:"what to learn from"`
	}
	defaults := func() *settings { return &settings{MNIST{Images{Transform: "unit"}}} }
	for name, c := range map[string]struct {
		data any
		want Spec
	}{
		"nothing":   {map[string]any{}, MNIST{Images{Transform: "unit"}}},
		"bare word": {"cifar10", CIFAR10{Images{Transform: "unit"}}},
		"all of it": {map[string]any{"name": "mnist", "dir": "d", "train": 1000, "validation": 100, "test": 10, "transform": "li2020"}, MNIST{Images{Dir: "d", Train: 1000, Split: Split{100}, Test: 10, Transform: "li2020"}}},
		"no name":   {map[string]any{"train": 7}, MNIST{Images{Train: 7, Transform: "unit"}}},
		"idx":       {map[string]any{"name": "idx", "dir": "d", "classes": 3}, IDXFolder{Images: Images{Dir: "d", Transform: "unit"}, Classes: 3}},
		"only":      {map[string]any{"only": "0,1"}, MNIST{Images{Transform: "unit", Only: "0,1"}}},
		"bars":      {map[string]any{"name": "bars_and_stripes", "side": 4}, BarsAndStripes{Side: 4}},
		"mixture":   {map[string]any{"name": "mixture", "inputs": 100, "delta": 2}, Mixture{Synthetic{Inputs: 100}, 2, 2}},
		"teacher":   {map[string]any{"name": "teacher", "noise": 0.1, "activation": "relu"}, Teacher{Synthetic{Inputs: 500}, 2, "relu", "ones", 0.1}},
	} {
		s := defaults()
		if err := schema.Decode(map[string]any{"data": c.data}, s, nil); err != nil || s.Data != c.want {
			t.Errorf("%s: %+v, error %v, want %+v", name, s.Data, err, c.want)
		}
	}
	for part, data := range map[string]any{
		"data.transform": map[string]any{"transform": "cubic"},
		"data.train":     map[string]any{"train": -1},
		"data.dir":       "idx", // needs a folder
		"data.only":      map[string]any{"only": "1,0"},
		"data.side":      map[string]any{"name": "bars_and_stripes", "side": 17},
		"data.name":      map[string]any{"name": "imagenet"},
		"data.clusters":  map[string]any{"name": "mixture", "clusters": 1},
		"want between 1": map[string]any{"name": "mixture", "inputs": 1e6, "train": 1e8},
		"data.validation: 10 examples held out of 10": map[string]any{"train": 10, "validation": 10},
	} {
		if err := schema.Decode(map[string]any{"data": data}, defaults(), nil); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v: error %v, want one about %s", data, err, part)
		}
	}
}
