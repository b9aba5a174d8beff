//go:build linux

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// writers are calls that write, and the folder that each writes.
var writers = []struct{ call, folder string }{
	{"bench b.yaml --out out -q", "out"},
	{"bench t.yaml --tune --out out -q", "out"},
	{"theory online --plot out/figure.svg", "out"},
}

const linkedBench = "base: mixture\nrules: [{label: a, set: {train.batch: 10}}]\ngoals: [0.5]\nbudget: 100\nseeds: 1\nset: {data.train: 40, data.test: 20, engine.blas: none, energy.meter: none}\n"

// Nothing outside of the folder that a call names is written or removed. Each file and folder
// that a call leaves is replaced by a link to a victim elsewhere, and the call is made again, for
// itself and with --force: the victim stays as it was. (Run directories have a test of their own.)
func TestNothingOutsideIsWritten(t *testing.T) {
	var tried atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d calls", tried.Load())
		if tried.Load() < 20 {
			t.Errorf("only %d calls: what do benchmarks leave?", tried.Load())
		}
	})
	for _, w := range writers {
		made := t.TempDir()
		lay(t, made)
		if e := played(t, made, w.call); e.code != 0 {
			t.Fatalf("%s: %d: %s", w.call, e.code, e.said)
		}
		for _, name := range left(t, filepath.Join(made, w.folder)) {
			t.Run(w.call+", "+name, func(t *testing.T) {
				t.Parallel()
				dir, elsewhere := t.TempDir(), t.TempDir()
				lay(t, dir)
				if err := os.CopyFS(filepath.Join(dir, w.folder), os.DirFS(filepath.Join(made, w.folder))); err != nil {
					t.Fatal(err)
				}
				victim, path := filepath.Join(elsewhere, "victim"), filepath.Join(dir, w.folder, name)
				if err := errors.Join(os.Rename(path, victim), os.Symlink(victim, path)); err != nil {
					t.Fatal(err)
				}
				before := contents(t, elsewhere)
				for _, more := range modes(w.call, name) {
					e := played(t, dir, w.call+more)
					if strings.Contains(e.said, "goroutine ") {
						t.Errorf("%s: %s", w.call+more, e.said)
					}
					if after := contents(t, elsewhere); after != before {
						t.Fatalf("%s: outside there is now\n%sand there was\n%s", w.call+more, after, before)
					}
					tried.Add(1)
				}
			})
		}
	}
}

// lay lays the documents of all calls into a folder, and makes that of the results.
func lay(t *testing.T, dir string) {
	t.Helper()
	write(t, []byte(linkedBench), dir, "b.yaml")
	write(t, []byte(linkedBench+"tune: {label: best, price: m1, search: {rule.optimizer.lr: [0.1, 0.5]}, candidates: 2, keep: 2, rungs: [0.5], seeds: [100], fresh: [200]}\n"), dir, "t.yaml")
	if err := os.MkdirAll(filepath.Join(dir, "out"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// modes are what is added to a call: nothing, for results of the same; what makes cells anew; and
// what makes another benchmark of it, for which the results make way.
func modes(call, name string) []string {
	all := []string{"", " --force", " train.batch=20 --force"}
	if strings.HasPrefix(call, "theory") {
		return all[:1]
	}
	switch filepath.Ext(name) {
	case ".png", ".svg", ".csv", ".md":
		return all[2:]
	}
	return all
}

// left lists what a call has left in a folder, files and folders, but what is in the
// directories of runs.
func left(t *testing.T, folder string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if filepath.Dir(name) != "figures" || strings.HasPrefix(name, "figures/accuracy-m0") { // one stands for all, which are written alike
			names = append(names, name)
		}
		if e.IsDir() && filepath.Base(filepath.Dir(path)) == "cells" {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%q, %v", names, err)
	}
	return names
}

// contents lists the files of a folder with what is in them.
func contents(t *testing.T, folder string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			b.WriteString(path + "\n")
			return err
		}
		text, err := os.ReadFile(path)
		b.WriteString(path + ": " + string(text) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
