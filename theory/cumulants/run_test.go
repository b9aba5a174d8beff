package cumulants

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"ergon/train"
	"ergon/train/rundir"
)

// A replay is the run: its account at each evaluation, and its last weights.
func TestReplayIsTheRun(t *testing.T) {
	directory := trained(t)
	r := opened(t, directory)
	again, err := train.New(r.config)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := again.Train(context.Background()); err != nil {
		t.Fatal(err)
	}
	measured(t, r, r.Steps, Plan{Windows: []int{3}, Replicas: 3, Tangents: 2}) // which must not change the run
	if !reflect.DeepEqual(arrays(r.run.Model), arrays(again.Model)) {
		t.Error("the replay ends with other weights than the run")
	}
	if r.Steps != 60 || r.Replayed != 3 || r.Differs != 0 {
		t.Errorf("%d steps, %d evaluations replayed, differs at %d; want 60, 3, 0", r.Steps, r.Replayed, r.Differs)
	}
}

// An account that is not the replay's is seen.
func TestReplayOfAnotherRun(t *testing.T) {
	directory := trained(t)
	path := filepath.Join(directory, "metrics.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := regexp.MustCompile(`("step":40,.*"m1":)`).ReplaceAllString(string(text), "${1}1")
	changed = strings.Replace(changed, `"m0":`, `"m0":1`, 1) // of step 20
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	r := opened(t, directory)
	if err := r.Advance(context.Background(), 60, func() {}); err != nil {
		t.Fatal(err)
	}
	if r.Differs != 20 {
		t.Errorf("differs at %d, want 20", r.Differs)
	}
}

// What cannot be averaged over is an error that names the setting.
// replaceMeta writes what a run says of itself anew.
func replaceMeta(t *testing.T, d rundir.Directory, meta *rundir.Meta) {
	t.Helper()
	w, err := rundir.Open(string(d), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteJSON(rundir.MetaFile, meta), w.Close()); err != nil {
		t.Fatal(err)
	}
}

// A run is not replayed on other data than it learned from. What a run of an earlier
// version learned from is not known.
func TestReplayOnOtherData(t *testing.T) {
	d := rundir.Directory(trained(t))
	meta, err := d.Meta()
	if err != nil {
		t.Fatal(err)
	}
	meta.Data.SHA256 = strings.Repeat("ab", 32)
	replaceMeta(t, d, meta)
	if r, err := Open(string(d)); err == nil {
		r.Close()
		t.Error("replayed on other data")
	} else if !strings.Contains(err.Error(), "changed since "+string(d)+" ran (SHA-256 abababababab… then, ") {
		t.Errorf("error %v", err)
	}
	meta.Data = nil
	replaceMeta(t, d, meta)
	opened(t, string(d))
}

func TestRefused(t *testing.T) {
	for override, want := range map[string]string{
		"rule.mask=competitive":                        "rule.mask[0].kind: competitive",
		"rule.mask=[{kind: bernoulli, redraw: never}]": "rule.mask[0].kind: bernoulli: it is drawn once for life",
		"rule.mask=[{kind: neurons, redraw: never}]":   "rule.mask[0].kind: neurons: it is drawn once for life",
		"rule.mask=synapses":                           "rule.mask[0].kind: synapses: it is drawn once for life",
		"rule.mask=alternating":                        "rule.mask[0].kind: alternating: it is drawn once for life",
		"rule.gate=lazy":                               "rule.gate.kind: lazy",
		"rule.clip={kind: norm, bound: 1}":             "rule.clip.kind: norm",
		"rule.cache=synaptic":                          "rule.cache.kind: synaptic",
		"rule.synapse=stochastic":                      "rule.synapse.kind: stochastic",
		"rule.optimizer=momentum":                      "rule.optimizer.kind: momentum",
		"rule.optimizer=adam":                          "rule.optimizer.kind: adam",
		"rule.optimizer.half=100":                      "rule.optimizer.half: 100",
		"rule.optimizer.lr=0":                          "rule.optimizer.lr: 0",
	} {
		_, err := newLaw(loaded(t, override), testNetwork())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", override, err, want)
		}
	}
}

// A directory without a finished run is an error that says so.
func TestOpenNothing(t *testing.T) {
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "it is not a run directory") {
		t.Errorf("error %v", err)
	}
}

// What takes too much memory is refused before it is taken.
func TestTooManyReplicas(t *testing.T) {
	r := opened(t, trained(t))
	_, err := r.Measure(context.Background(), Plan{Windows: []int{1}, Replicas: 10_000_000}, func() {})
	if err == nil || !strings.Contains(err.Error(), "10000000 replicas of this network") {
		t.Errorf("error %v", err)
	}
}
