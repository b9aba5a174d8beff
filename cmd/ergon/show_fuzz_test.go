package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/internal/bounded/boundedtest"
	"ergon/theory"
	"ergon/train/rundir"
)

// FuzzRunFiles: whatever the meta.json and summary.json of a directory have, it is shown, and
// read by theories, or an error names the file.
func FuzzRunFiles(f *testing.F) {
	run := filepath.Join(f.TempDir(), "run")
	train := newRoot()
	train.SetArgs([]string{"train", "mixture", "data.train=40", "data.test=20", "train.epochs=1", "train.goals=[0.1]", "energy.meter=none", "out.dir=" + run, "-q"})
	train.SetOut(io.Discard)
	train.SetErr(io.Discard)
	if err := train.Execute(); err != nil {
		f.Fatal(err)
	}
	var texts [2]string
	for i, name := range []string{rundir.MetaFile, rundir.SummaryFile} {
		text, err := os.ReadFile(filepath.Join(run, name))
		if err != nil {
			f.Fatal(err)
		}
		texts[i] = string(text)
	}
	meta, summary := texts[0], texts[1]
	f.Add(meta, summary)
	for _, text := range []string{"", "{}", "null", "[]", `{"data":{"classes":3}}`, `{"data":{}}`, `{"seed":-1}`, `{"started":"x"}`} {
		f.Add(text, summary)
	}
	for _, text := range []string{
		"", "{}", "null", "[]", `{"steps":1e99}`, `{"energy":{"layers":[{}]}}`, `{"crossings":[{}]}`, `{"crossings":null,"status":"diverged"}`, `{"synapse":{}}`, `{"relaxation":{}}`,
		`{"validation_accuracy":1}`, `{"energy":{"joules_model":{"x":{}}}}`, `{"energy":{"joules_measured":{}}}`, `{"parameters":1,"energy":{"bounds":{"temperature":1},"layers":[{"parameters":1}]}}`,
	} {
		f.Add(meta, text)
	}
	f.Fuzz(func(t *testing.T, meta, summary string) {
		d := rundir.Directory(t.TempDir())
		for name, text := range map[string]string{rundir.MetaFile: meta, rundir.SummaryFile: summary, rundir.ConfigFile: "{}\n"} {
			if err := os.WriteFile(d.Path(name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		const ofJSON = 200 // bytes allocated for a byte of text, which the table shown is made of, too
		for _, asJSON := range []bool{false, true} {
			boundedtest.AtMost(t, ofJSON, len(meta)+len(summary), func() {
				meta, summary, err := readRun(d)
				if err == nil {
					err = show(io.Discard, d, meta, summary, asJSON)
				}
				if err != nil && !strings.Contains(err.Error(), string(d)) {
					t.Errorf("error %v, which does not name %s", err, d)
				}
			})
		}
		boundedtest.AtMost(t, ofJSON, len(summary), func() {
			if _, err := theory.ReadRun(string(d)); err != nil && !strings.Contains(err.Error(), string(d)) {
				t.Errorf("error %v, which does not name %s", err, d)
			}
		})
	})
}
