package sweep

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/internal/bounded/boundedtest"
	"ergon/train/rundir"
)

// placed puts a text into a file of a new folder.
func placed(t testing.TB, name string, text []byte) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

// FuzzBench: whatever the text, it is a benchmark or an error that names the file.
func FuzzBench(f *testing.F) {
	for _, p := range configs.Benches() {
		text, _ := configs.BenchText(p.Name)
		f.Add(text)
	}
	f.Add([]byte(small))
	f.Add([]byte(tuned))
	f.Add([]byte(warm))
	for _, seed := range []string{
		"free_energy:\n" + small, "free_energy: {smooth: 1e9, slack: -1}\n" + small, "grid: {lr: [.1, 1e-1, a]}\nfree_energy: {}\n" + small,
		warm + "quick: {free_energy: null, goals: 0.6, stop: true}\n", warm + "stop: true\ntune: {}\n",
		"", "{}", "rules: []", "seeds: 1e9\n" + small, "grid: {lr: [1, 2, 3]}\n" + small, "quick: {seeds: 1}\n" + small, "rules: &a [*a]"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const ofYAML = 4096 // bytes allocated for a byte of text: see package schema
		for _, quick := range []bool{false, true} {
			var b *Bench
			var err error
			// a seed is 8 bytes, and `seeds: N` makes at most a million
			boundedtest.AtMost(t, ofYAML, len(text)+1<<15, func() { b, err = Parse(text, "fuzz.yaml", "fuzz", quick) })
			if (b == nil) == (err == nil) || err != nil && !strings.Contains(err.Error(), "fuzz.yaml") {
				t.Fatalf("benchmark %v, error %v", b, err)
			}
		}
	})
}

// FuzzResults: whatever a folder's bench.json and tune.json have, they are results or an
// error that names the file, and results are compared with others without a panic.
func FuzzResults(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "null", "[]", `{"rows": []}`, `{"rows": null, "rungs": []}`, `{"rows": [{}], "cells": [{"label": "full", "seed": 1, "hash": "x"}], "goals": [0.6]}`,
		`{"rows": [], "benchmark": {}}`, `{"rungs": [], "label": "x", "benchmark": {"rules": {"full": null}, "tune": {"label": "y"}}}`, `{"rows":[],"rows":[]}`,
		`{"rows": [` + strings.Repeat("{},", 9999) + `{}]}`,
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, search bool) {
		name := map[bool]string{false: jsonFile, true: tuneFile}[search]
		folder := placed(t, name, text)
		var r *results
		var err error
		boundedtest.AtMost(t, ofJSON, len(text), func() { r, err = readResults(folder) })
		if err != nil {
			if r != nil || !strings.Contains(err.Error(), filepath.Join(folder, name)) {
				t.Fatalf("results %v, error %v", r, err)
			}
			return
		}
		r.differences(&Asked{Name: "small", Goals: []float64{0.6}, Tune: map[string]string{"label": "x"}}, []Cell{{Label: "full", Seed: 1, Hash: "x"}})
		r.differences(&Asked{}, nil)
	})
}

// ofJSON is how many bytes reading may allocate, and free again, for a byte of JSON: a list of
// numbers grows by a quarter at a time.
const ofJSON = 100

// FuzzMetrics: whatever a metrics.jsonl has, it is evaluations with an accuracy or an error
// that names file and line, and a cell with it is whole or is said not to be.
func FuzzMetrics(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "{}\n", "null\n", `{"step":1,"test_accuracy":0.5}`, `{"step":1,"test_accuracy":0.5}` + "\n" + `{"step":2,"validation_accuracy":0.5}`, `{"step":2}` + "\n" + `{"step":1}`,
		`{"step":1,"step":2}`, `{"step":1,"work":{"dissipated":1}}`, `{"test_accuracy":"x"}`, `[]`, `{"step":1`, "{\"step\":\x001}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d := rundir.Directory(placed(t, rundir.MetricsFile, text))
		var metrics []rundir.Metrics
		var err error
		boundedtest.AtMost(t, ofJSON, len(text), func() { metrics, err = readMetrics(d, accuracyOf) })
		if err != nil && !strings.HasPrefix(err.Error(), d.Path(rundir.MetricsFile)+": line ") {
			t.Fatal(err)
		}
		for i := range metrics {
			if metrics[i].GoalAccuracy() == nil {
				t.Fatalf("evaluation %d has no accuracy", i)
			}
		}
		boundedtest.AtMost(t, ofJSON, len(text), func() {
			damagedMetrics(&Outcome{Directory: d, Summary: &rundir.Summary{Steps: 1, Status: rundir.StatusBudgetSpent}})
		})
	})
}
