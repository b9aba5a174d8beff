//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A task of Slurm that is told by USR1 that its time is over requeues itself; told by TERM,
// as scancel does, it only ends.
func TestTaskRequeuesItself(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "b.yaml"), []byte("base: mixture\nset: {data.train: 2000, data.test: 500, train.eval_every: 50}\nrules: [{label: full}]\nseeds: 2\ngoals: [1]\nbudget: 1e9\nlaunch: {pack: 2}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "scontrol"), []byte("#!/bin/sh\necho \"$*\" >>"+folder+"/calls\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	list := exec.Command("ergon", "sweep", "submit", "b.yaml", "--out", "out", "--dry-run")
	list.Dir = folder
	if out, err := list.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Setenv("SLURM_ARRAY_JOB_ID", "12")
	t.Setenv("SLURM_ARRAY_TASK_ID", "3")
	calls := func() string {
		text, _ := os.ReadFile(filepath.Join(folder, "calls"))
		return string(text)
	}
	for _, of := range []struct {
		signal   os.Signal
		restarts string
		want     string
	}{{syscall.SIGTERM, "0", ""}, {syscall.SIGUSR1, "20", ""}, {syscall.SIGUSR1, "19", "requeue 12_3\n"}} {
		t.Setenv("SLURM_RESTART_COUNT", of.restarts)
		if err := os.RemoveAll(filepath.Join(folder, "out", "cells")); err != nil {
			t.Fatal(err)
		}
		c := begin(t, folder, "sweep", "work", "out", "--index", "0", "--jobs", "1")
		waitForCell(t, folder)
		send(t, c, of.signal)
		if code := codeAfter(t, c); code != exitInterrupted {
			t.Errorf("%v: exit code %d, want %d", of.signal, code, exitInterrupted)
		}
		if got := calls(); got != of.want {
			t.Errorf("%v after %s restarts: scontrol was called with %q, want %q", of.signal, of.restarts, got, of.want)
		}
	}
	status, err := exec.Command("ergon", "sweep", "status", filepath.Join(folder, "out")).Output()
	if err != nil || !strings.Contains(string(status), "ended by SIGUSR1 after ") {
		t.Errorf("%v: %s", err, status)
	}
}

// waitForCell waits until a cell of the sweep has been evaluated.
func waitForCell(t *testing.T, folder string) {
	t.Helper()
	var cells []string
	for end := time.Now().Add(20 * time.Second); len(cells) == 0; time.Sleep(5 * time.Millisecond) {
		cells, _ = filepath.Glob(filepath.Join(folder, "out", "cells", "*"))
		if time.Now().After(end) {
			t.Fatal("no cell was begun")
		}
	}
	waitFor(t, filepath.Join(cells[0], "metrics.jsonl"))
}
