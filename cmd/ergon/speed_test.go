package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// What is printed is what was timed, whether a flag or a setting gave it.
func TestSpeedSaysWhatItTimed(t *testing.T) {
	for _, c := range []struct {
		call string
		text string // in what is printed
		want map[string]any
	}{
		{"--hidden 6", "batch 128, hidden [6], dense p=1: ", map[string]any{"batch": 128., "rule": "dense", "p": 1., "hidden": []any{6.}}},
		{"--hidden 6 --set train.batch=8", "batch 8, ", map[string]any{"batch": 8.}},
		{"--batch 4 --set model.hidden=[5,7]", "hidden [5 7], ", map[string]any{"hidden": []any{5., 7.}}},
		{"--batch 4 --hidden 6 --rule neurons --p 0.25", "neurons p=0.25: ", map[string]any{"rule": "neurons", "p": 0.25}},
		{"--batch 4 --hidden 6 --rule competitive --p 0.25", "competitive p=0.25: ", map[string]any{"rule": "competitive", "p": 0.25}},
		{"--batch 4 --hidden 6 --set rule.mask=bernoulli", "bernoulli p=0.5: ", map[string]any{"rule": "bernoulli", "p": 0.5}},
		{"--batch 4 --hidden 6 --set rule.mask={kind:␣subnet,fraction:␣0.25}", "subnet p=0.25: ", map[string]any{"rule": "subnet", "p": 0.25}},
		{"--batch 4 --hidden 6 --set rule.mask={kind:␣subnet,k:␣[3]}", `"k":[3]`, map[string]any{"rule": "subnet", "p": nil}},
		{"--batch 4 --hidden 6 --set rule.mask=[neurons,{kind:␣bernoulli,p:␣0.1}]", "neurons+bernoulli ", map[string]any{"rule": "neurons+bernoulli", "p": nil}},
		{"--batch 4 --hidden 6 --set rule.mask=[full,bernoulli]", "bernoulli p=0.5", map[string]any{"rule": "bernoulli", "p": 0.5}},
		{"--batch 4 --hidden 6 --set rule.mask=[]", "dense p=1: ", map[string]any{"rule": "dense", "p": 1.}},
		{"--batch 2 --set model.kind=convnet", "hidden convnet [8 16], ", map[string]any{"model": "convnet"}},
		{"--batch 4 --hidden 6 --set engine.device=reference", "reference", map[string]any{"device": "reference"}},
	} {
		var plain, encoded bytes.Buffer
		for _, out := range []*bytes.Buffer{&plain, &encoded} {
			root := newRoot()
			root.SetOut(out)
			args := append([]string{"speed", "--seconds", "0"}, strings.Fields(c.call)...)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "␣", " ")
			}
			if out == &encoded {
				args = append(args, "--json")
			}
			root.SetArgs(args)
			if err := root.Execute(); err != nil {
				t.Fatalf("ergon speed %s: %v", c.call, err)
			}
		}
		if !strings.Contains(plain.String(), c.text) {
			t.Errorf("ergon speed %s: %q is not in\n%s", c.call, c.text, plain.String())
		}
		got := map[string]any{}
		if err := json.Unmarshal(encoded.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		for key, want := range c.want {
			if value, ok := got[key]; !ok || !reflect.DeepEqual(value, want) {
				t.Errorf("ergon speed %s --json: %s is %v, want %v", c.call, key, value, want)
			}
		}
	}
}
