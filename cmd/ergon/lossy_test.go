//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ergon/train/rundir"
)

// unwritable are files that take nothing.
func unwritable(t *testing.T) map[string]*os.File {
	t.Helper()
	r, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pipe.Close() })
	all := map[string]*os.File{"a pipe without a reader": pipe}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		t.Cleanup(func() { _ = full.Close() })
		all["a full disk"] = full
	}
	return all
}

// What cannot be said ends no run. Only results that cannot be printed are an error, and
// they are on disk by then.
func TestUnwritableOutput(t *testing.T) {
	bench := filepath.Join(t.TempDir(), "small.yaml")
	if err := os.WriteFile(bench, []byte("base: mixture\nset: {data.train: 200, data.test: 50}\nrules: [{label: full}]\nseeds: 2\ngoals: [1]\nbudget: 2000\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	calls := map[string][]string{
		"train": {"train", "mixture", "data.train=200", "data.test=50", "train.epochs=3", "out.dir=out"},
		"bench": {"bench", bench, "--out", "out", "--jobs", "1"},
	}
	for what, file := range unwritable(t) {
		for verb, args := range calls {
			for _, both := range []bool{false, true} {
				folder := t.TempDir()
				c := exec.Command("ergon", args...)
				c.Dir, c.Stderr = folder, file
				var printed strings.Builder
				c.Stdout = &printed
				want := 0
				if both {
					c.Stdout, want = file, exitError
				}
				err := c.Run()
				if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
					t.Fatal(err)
				}
				if code := c.ProcessState.ExitCode(); code != want {
					t.Errorf("%s with %s for messages, results too %v: %v, want exit code %d", verb, what, both, c.ProcessState, want)
				}
				checkUnsaid(t, verb, filepath.Join(folder, "out"), printed.String(), both)
			}
		}
	}
}

// checkUnsaid checks that everything is on disk, and that it is noted once that progress
// is not.
func checkUnsaid(t *testing.T, verb, out, printed string, both bool) {
	t.Helper()
	runs := []string{out}
	if verb == "bench" {
		runs, _ = filepath.Glob(filepath.Join(out, "cells", "*"))
		if _, err := os.Stat(filepath.Join(out, "bench.json")); err != nil || len(runs) != 2 {
			t.Errorf("%d runs, %v", len(runs), err)
		}
		if noted := strings.Count(printed, "progress could not be written"); noted != 1 && !both {
			t.Errorf("noted %d times, want once:\n%s", noted, printed)
		}
	}
	for _, run := range runs {
		d := rundir.Directory(run)
		if s, err := d.Summary(); err != nil || s.Status != rundir.StatusBudgetSpent {
			t.Errorf("%s: %+v, %v", run, s, err)
		}
		warnings := 0
		for _, line := range logged(t, d) {
			if line["level"] == "WARN" {
				warnings++
			}
		}
		if verb == "train" && warnings != 1 {
			t.Errorf("%s: noted %d times in the log, want once", run, warnings)
		}
	}
}

// A stopped run keeps its exit code, by which a job script goes on, where nothing can be
// said or printed.
func TestStoppedWithoutOutput(t *testing.T) {
	for what, file := range unwritable(t) {
		folder := t.TempDir()
		c := exec.Command("ergon", append(endless, "out.dir=run")...)
		c.Dir, c.Stdout, c.Stderr = folder, file, file
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill() })
		waitFor(t, filepath.Join(folder, "run", rundir.MetricsFile))
		send(t, c, syscall.SIGTERM)
		if code := codeAfter(t, c); code != exitInterrupted {
			t.Errorf("%s: exit code %d, want %d", what, code, exitInterrupted)
		}
		interrupted(t, rundir.Directory(filepath.Join(folder, "run")), "SIGTERM")
	}
}

// A figure is drawn also where the numbers cannot be printed.
func TestFigureWithoutOutput(t *testing.T) {
	for what, file := range unwritable(t) {
		folder := t.TempDir()
		c := exec.Command("ergon", "theory", "ridge", "steps=5", "d=50", "--plot", "x.svg")
		c.Dir, c.Stdout = folder, file
		want := "exit status 1"
		if what == "a pipe without a reader" {
			want = "signal: broken pipe" // as of every listing
		}
		if err := c.Run(); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", what, err, want)
		}
		if _, err := os.Stat(filepath.Join(folder, "x.svg")); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A listing that nobody reads to its end stops without a word, as others do.
func TestListingIntoClosedPipe(t *testing.T) {
	for _, args := range [][]string{
		{"rules"}, {"configs"}, {"configs", "mnist"}, {"prices"}, {"data", "list"}, {"theory"}, {"bench"}, {"doctor"},
		{"theory", "table1"}, {"theory", "ramp", "--json"}, {"speed", "--seconds", "0", "--hidden", "5"}, {"speed", "--seconds", "0", "--hidden", "5", "--json"},
	} {
		c := exec.Command("ergon", args...)
		c.Stdout = unwritable(t)["a pipe without a reader"]
		var said strings.Builder
		c.Stderr = &said
		if err := c.Run(); err == nil || err.Error() != "signal: broken pipe" || said.Len() > 0 {
			t.Errorf("%s: %v, and says %q", args, err, said.String())
		}
	}
}
