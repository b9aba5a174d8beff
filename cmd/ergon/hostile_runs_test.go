//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/internal/atomicfile"
	"ergon/internal/checkpoint"
	"ergon/train/rundir"
)

// hostileRuns are the files of a run, and its saved states.
func hostileRuns(t *testing.T) (all []hostile) {
	made := t.TempDir()
	const call = "train mixture data.train=400 data.test=20 train.batch=10 train.max_steps=20 train.goals=[0.1] checkpoint.every_steps=5 energy.meter=none engine.blas=none out.dir=run -q"
	if e := played(t, made, call); e.code != 0 {
		t.Fatal(e.said)
	}
	run := func(t *testing.T, dir string) string {
		t.Helper()
		if err := os.CopyFS(filepath.Join(dir, "run"), os.DirFS(filepath.Join(made, "run"))); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, "run")
	}
	in := func(name, input, call string, change func(text []byte) []byte) {
		all = append(all, hostile{name + ": " + input, func(t *testing.T, dir string) {
			path := filepath.Join(run(t, dir), name)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, change(text), path)
		}, call})
	}
	is := func(text string) func([]byte) []byte { return func([]byte) []byte { return []byte(text) } }
	for _, name := range []string{rundir.MetaFile, rundir.SummaryFile} {
		in(name, "nothing", "show run", is(""))
		in(name, "half of it", "show run", func(text []byte) []byte { return text[:len(text)/2] })
		in(name, "a list", "show run", is("[]"))
		in(name, "a key twice", "show run", is(`{"seed": 1, "seed": 2}`))
		in(name, "10⁵ lists in lists", "show run", is(strings.Repeat("[", 100_000)))
		in(name, "1000 lists in lists", "show run", is(strings.Repeat("[", 1000)+strings.Repeat("]", 1000)))
		in(name, "a million empty objects", "show run", is(`{"files": [`+strings.Repeat("{},", 1_000_000)+"{}]}"))
		in(name, "no UTF-8", "show run", is("{\"name\": \"\xff\"}"))
		in(name, "a zero byte", "show run", is("{\"name\": \"\x00\"}"))
		in(name, "a number of 400 digits", "show run", is(`{"seed": 1`+strings.Repeat("0", 400)+"}"))
		all = append(all, inPlace(name, "show run", func(t *testing.T, dir string) string { return filepath.Join(run(t, dir), name) })...)
		all = append(all, hostile{name + ": a link to a file elsewhere", func(t *testing.T, dir string) {
			path := filepath.Join(run(t, dir), name)
			if err := errors.Join(os.Remove(path), os.Symlink("/etc/passwd", path)); err != nil {
				t.Fatal(err)
			}
		}, "show run"})
	}
	in(rundir.SummaryFile, "diverged, and not how", "show run", is(`{"status": "diverged"}`))
	in(rundir.SummaryFile, "no bounds", "theory ladder run=run", is(`{"parameters": 1}`))

	// Of a run that goes on.
	begun := func(t *testing.T, dir string) (path string) {
		path = run(t, dir)
		if err := os.Remove(filepath.Join(path, rundir.SummaryFile)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	all = append(all, inPlace("config.yaml of a run that goes on", "train run -q", func(t *testing.T, dir string) string {
		return filepath.Join(begun(t, dir), rundir.ConfigFile)
	})...)
	state := func(input string, change func(c *checkpoint.Checkpoint)) {
		all = append(all, hostile{"saved state: " + input, func(t *testing.T, dir string) {
			store := statesOf(t, begun(t, dir), 1)
			c, _, err := store.Latest()
			if err != nil || c == nil {
				t.Fatal(err)
			}
			change(c)
			if err := errors.Join(store.Clear(), store.Write(c)); err != nil {
				t.Fatal(err)
			}
		}, call})
	}
	state("weights are NaN", func(c *checkpoint.Checkpoint) {
		for _, x := range c.State.Float32s {
			for i := range x {
				x[i] = float32(math.NaN())
			}
		}
	})
	state("of another config", func(c *checkpoint.Checkpoint) { c.Config = "0123456789" })
	state("an array is shorter", func(c *checkpoint.Checkpoint) {
		for name, x := range c.State.Float32s {
			c.State.Float32s[name] = x[:len(x)/2]
		}
	})
	state("an array is not there", func(c *checkpoint.Checkpoint) { clear(c.State.Float32s) })
	state("an array more", func(c *checkpoint.Checkpoint) { c.State.Float32s["evil"] = []float32{1} })
	state("a value is of another kind", func(c *checkpoint.Checkpoint) {
		for name := range c.State.Values {
			c.State.Values[name] = json.RawMessage(`"x"`)
		}
	})
	state("step 2^62", func(c *checkpoint.Checkpoint) { c.Step = 1 << 62 })
	state("metrics.jsonl of 2^62 bytes", func(c *checkpoint.Checkpoint) {
		c.Run = bytes.ReplaceAll(c.Run, []byte(`"metrics_bytes":`), []byte(`"metrics_bytes":4611686018427387904,"x":`))
	})
	state("metrics.jsonl of -7 bytes", func(c *checkpoint.Checkpoint) {
		c.Run = bytes.ReplaceAll(c.Run, []byte(`"metrics_bytes":`), []byte(`"metrics_bytes":-7,"x":`))
	})
	return all
}

// hostileBenches are folders of benchmarks.
func hostileBenches() (all []hostile) {
	const call = "bench b.yaml --out out -q"
	bench := func(t *testing.T, dir string) {
		write(t, []byte("base: mixture\nrules: [{label: a, set: {train.batch: 10}}]\ngoals: [0.9]\nbudget: 100\nseeds: 1\nset: {data.train: 40, data.test: 20}\n"), dir, "b.yaml")
	}
	for _, name := range []string{"bench.json", "tune.json"} {
		for _, c := range []struct{ input, text string }{
			{"nothing", ""}, {"a list", "[]"}, {"of another program", `{"rows": 3}`}, {"a key twice", `{"rows": [], "rows": []}`},
			{"10⁵ lists in lists", strings.Repeat("[", 100_000)}, {"a million empty objects", `{"rows": [], "cells": [` + strings.Repeat("{},", 1_000_000) + "{}]}"},
		} {
			all = append(all, hostile{name + ": " + c.input, func(t *testing.T, dir string) {
				bench(t, dir)
				write(t, []byte(c.text), dir, "out", name)
			}, call})
		}
		all = append(all, inPlace(name, call, func(t *testing.T, dir string) string {
			bench(t, dir)
			write(t, nil, dir, "out", name)
			return filepath.Join(dir, "out", name)
		})...)
	}
	return all
}

// statesOf opens the states of the run in a directory.
func statesOf(t *testing.T, directory string, keep int) *checkpoint.Store {
	t.Helper()
	folder := filepath.Join(directory, rundir.CheckpointsFolder)
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	store, err := checkpoint.Open(atomicfile.In(root), folder, keep)
	if err != nil {
		t.Fatal(err)
	}
	return store
}
