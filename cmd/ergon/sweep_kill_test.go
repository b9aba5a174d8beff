//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ergon/sweep/launch"
)

// A controller that is killed at any time loses no cell, and none is run twice to its end:
// here a few cells and kills, and many in the slow test.
func TestKilledController(t *testing.T) { killControllers(t, 24, 3, 300*time.Millisecond) }

// killControllers runs a sweep of cells on this machine and kills the controller, each time
// within a while of its begin, the given number of times. The while is shorter where it would
// see the last cell done.
func killControllers(t *testing.T, cells, kills int, within time.Duration) {
	folder := t.TempDir()
	text := fmt.Sprintf(`base: mixture
set: {data.inputs: 20, data.train: 1000, data.test: 200, train.eval_every: 100, engine.blas: gonum}
rules: [{label: full}]
seeds: %d
goals: 1
budget: 20000
figures: false
`, cells)
	if err := os.WriteFile(filepath.Join(folder, "b.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, uint64(cells)))
	done := map[string]os.FileInfo{} // by summary
	args := []string{"sweep", "submit", "b.yaml", "--out", "out", "-q"}
	killed, fastest := 0, 0.0 // cells a second
	for range 100 * kills {
		begun := time.Now()
		c := exec.Command("ergon", args...)
		c.Dir = folder
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if killed < kills {
			while := within
			if fastest > 0 {
				while = min(while, time.Duration(0.9*float64(cells-len(done))/fastest*float64(time.Second)))
			}
			time.Sleep(time.Duration(random.Float64() * float64(while)))
			_ = c.Process.Kill()
		}
		err, before := c.Wait(), len(done)
		if status := c.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
			killed++
		}
		unchanged(t, folder, done)
		fastest = max(fastest, float64(len(done)-before)/time.Since(begun).Seconds())
		if _, noList := os.Stat(filepath.Join(folder, "out", "sweep.json")); noList == nil {
			args = []string{"sweep", "resume", "out", "--on", "local", "-q"}
		}
		if err == nil {
			break
		}
	}
	if killed < kills {
		t.Errorf("all was done after %d kills, want %d: make cells last longer", killed, kills)
	}
	if len(done) != cells {
		t.Errorf("%d of %d cells are done", len(done), cells)
	}
	out, err := exec.Command("ergon", "sweep", "status", filepath.Join(folder, "out"), "--json").Output()
	var st launch.Status
	if err != nil || json.Unmarshal(out, &st) != nil || st.Done != cells {
		t.Errorf("%v: %s", err, out)
	}
}

// unchanged notes which cells are done, and that those that were have not been run again: a
// summary is renamed into place when a run ends.
func unchanged(t *testing.T, folder string, done map[string]os.FileInfo) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "out", "cells", "*", "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	now := map[string]bool{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		now[path] = true
		if before := done[path]; before != nil && (!os.SameFile(before, info) || !before.ModTime().Equal(info.ModTime())) {
			t.Errorf("%s was written again", path)
		}
		done[path] = info
	}
	for path := range done {
		if !now[path] {
			t.Errorf("%s is lost", path)
		}
	}
}
