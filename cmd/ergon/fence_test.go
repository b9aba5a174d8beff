//go:build unix

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ergon/internal/claim"
	"ergon/train/rundir"
)

// A node that Slurm has lost goes on with its task while the scheduler begins the task again
// elsewhere. Here both run on this machine.

// fenced are the settings of runs that are taken over: most of the time they save.
var fenced = append(append([]string{}, short...), "checkpoint.every_steps=2", "train.epochs=3")

// task begins the program as a task of Slurm that was begun again so many times.
func task(t *testing.T, folder string, restart int, args []string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	c, said := exec.Command("ergon", args...), new(bytes.Buffer)
	c.Dir, c.Stderr = folder, said
	c.Env = append(os.Environ(), "SLURM_ARRAY_JOB_ID=7", "SLURM_ARRAY_TASK_ID=3", fmt.Sprintf("SLURM_RESTART_COUNT=%d", restart))
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	return c, said
}

// isFenced checks how a run ended that another has taken over, and says whether one has: it may
// have come to its end before, or not have begun.
func isFenced(t *testing.T, what string, c *exec.Cmd, said *bytes.Buffer, by *exec.Cmd) bool {
	t.Helper()
	switch code := codeAfter(t, c); {
	case code == 0, code == exitError && strings.Contains(said.String(), rundir.ErrHeld.Error()):
		return false
	case code != exitError || !strings.Contains(said.String(), rundir.ErrLost.Error()):
		t.Errorf("%s: exit code %d: %s", what, code, said)
	case strings.Count(said.String(), rundir.ErrLost.Error()) != 1:
		t.Errorf("%s: it is said more than once: %s", what, said)
	case strings.Contains(said.String(), "belongs to") && !strings.Contains(said.String(), fmt.Sprintf("process %d on ", by.Process.Pid)):
		t.Errorf("%s: %s, want that it belongs to process %d", what, said, by.Process.Pid)
	}
	return true
}

// onlyRun checks that a directory has the files of a run, and nothing of a claim or half-written.
func onlyRun(t *testing.T, what, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && (claim.Is(e.Name()) || claim.Unfinished(e.Name()) != "") {
			t.Errorf("%s: %s is left", what, path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A run that is stopped at any moment, taken over, and goes on at any later moment, ends with
// an error and changes nothing: what is left is, to the byte, that of a run that was alone.
// The same if it is not stopped, so that both run.
func TestTakenOverRuns(t *testing.T) {
	whole := t.TempDir()
	begun := time.Now()
	if code, said := call(t, whole, "ergon", fenced...); code != 0 {
		t.Fatalf("exit code %d: %s", code, said)
	}
	lasts := time.Since(begun)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	some := func() time.Duration { return time.Duration(random.Int64N(int64(lasts) + 1)) }
	lost := map[string]int{}
	for n := range takeovers {
		how := []string{"stopped", "stopped, goes on beside", "both run"}[n%3]
		what := fmt.Sprintf("%s, take-over %d of seed %d", how, n, seed)
		folder := t.TempDir()
		first, said := task(t, folder, 0, fenced)
		if n == 0 { // one that is sure to be in the middle
			waitFor(t, filepath.Join(folder, "run", rundir.LogFile))
		} else {
			time.Sleep(some())
		}
		if how != "both run" {
			send(t, first, syscall.SIGSTOP)
		}
		second, said2 := task(t, folder, 1, fenced)
		if how == "stopped, goes on beside" {
			time.Sleep(some())
			send(t, first, syscall.SIGCONT)
		}
		if code := codeAfter(t, second); code != 0 {
			t.Fatalf("%s: the second ends with exit code %d: %s", what, code, said2)
		}
		if how == "stopped" {
			send(t, first, syscall.SIGCONT)
		}
		if isFenced(t, what, first, said, second) {
			lost[how]++
		}
		if same(t, whole, folder); t.Failed() {
			t.Fatal(what)
		}
		onlyRun(t, what, filepath.Join(folder, "run"))
	}
	t.Logf("%d take-overs, fenced: %v", takeovers, lost)
	if lost["stopped"] == 0 || everyKillOf && lost["both run"] == 0 {
		t.Error("too few were in the middle of their run")
	}
}

// Of many calls of the same run at the same time one trains, and the others say which one, or
// find it finished. One that is killed is succeeded at once.
func TestManyCallsOfOneRun(t *testing.T) {
	folder := t.TempDir()
	args := append(append([]string{}, endless...), "out.dir=run", "-q", "checkpoint.every_steps=50")
	type caller struct {
		c    *exec.Cmd
		said *bytes.Buffer
	}
	for round := range callRounds {
		all := map[int]caller{}
		ended := make(chan int)
		for range 16 {
			c, said := exec.Command("ergon", args...), new(bytes.Buffer)
			c.Dir, c.Stderr = folder, said
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			pid := c.Process.Pid
			all[pid] = caller{c, said}
			t.Cleanup(func() { _ = c.Process.Kill() })
			go func() { _ = c.Wait(); ended <- pid }()
		}
		told := map[int]string{}
		for range 15 {
			select {
			case pid := <-ended:
				c := all[pid]
				if code := c.c.ProcessState.ExitCode(); code != exitError || !strings.Contains(c.said.String(), rundir.ErrHeld.Error()) {
					t.Errorf("round %d: exit code %d: %s", round, code, c.said)
				}
				told[pid] = c.said.String()
				delete(all, pid)
			case <-time.After(time.Minute):
				t.Fatalf("round %d: %d calls do not end", round, len(all))
			}
		}
		for winner, c := range all {
			for pid, said := range told {
				if !strings.Contains(said, fmt.Sprintf("process %d on ", winner)) {
					t.Errorf("round %d: %d is told %s, want that process %d writes", round, pid, said, winner)
				}
			}
			if err := c.c.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
		<-ended
	}
	log := filepath.Join(folder, "run", rundir.LogFile)
	if err := os.RemoveAll(log); err != nil { // the last winner may or may not have come to it
		t.Fatal(err)
	}
	c := begin(t, folder, args...)
	waitFor(t, log)
	send(t, c, syscall.SIGTERM)
	if code := codeAfter(t, c); code != exitInterrupted {
		t.Errorf("exit code %d", code)
	}
	onlyRun(t, "at the end", filepath.Join(folder, "run"))
}
