//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ergon/train/rundir"
)

// tiny is a run that takes a moment.
var tiny = []string{"train", "mixture", "data.train=40", "data.test=20", "train.epochs=1", "-q"}

// call runs a command in a folder, and returns its exit code and what it says.
func call(t *testing.T, folder string, command string, args ...string) (code int, said string) {
	t.Helper()
	c := exec.Command(command, args...)
	var text strings.Builder
	c.Dir, c.Stderr = folder, &text
	err := c.Run()
	if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), text.String()
}

var typed = regexp.MustCompile("`(ergon [^`]*)`")

// follow does what a message advises, and returns how many pieces of advice it found.
func follow(t *testing.T, folder, said string, args []string) (found int) {
	t.Helper()
	try := func(advice, command string, args ...string) {
		t.Helper()
		found++
		if code, then := call(t, folder, command, args...); code != 0 {
			t.Errorf("%sadvises: %s\nwhich ends with exit code %d: %s", said, advice, code, then)
		}
	}
	for _, command := range typed.FindAllStringSubmatch(said, -1) {
		try(command[1], "sh", "-c", command[1])
	}
	if strings.Contains(said, "another out.dir") || strings.Contains(said, "out.dir=DIR") {
		try("another out.dir", "ergon", append(args, "out.dir=elsewhere/"+strings.ReplaceAll(t.Name(), "/", "-"))...)
	}
	if strings.Contains(said, "the same call") {
		try("the same call", "ergon", args...)
	}
	if strings.Contains(said, "--force") && !strings.Contains(said, "--force would leave") {
		try("--force", "ergon", append(args, "--force")...)
	}
	return found
}

// create makes files in a folder, with others' text.
func create(t *testing.T, folder string, files ...string) {
	t.Helper()
	for _, file := range files {
		path := filepath.Join(folder, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("mine"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever is in the way of a run, what the message advises helps.
func TestAdviceOnDirectoriesHolds(t *testing.T) {
	folder := t.TempDir()
	finished := func(name string) {
		if code, said := call(t, folder, "ergon", append(tiny, "out.dir="+name)...); code != 0 {
			t.Fatal(said)
		}
	}
	for _, name := range []string{"finished", "my run", "-q"} {
		finished(name)
	}
	finished("killed")
	if err := os.Remove(filepath.Join(folder, "killed", rundir.SummaryFile)); err != nil {
		t.Fatal(err)
	}
	create(t, folder, "full/x", "file", "bench/bench.json")
	for _, name := range []string{"finished", "my run", "-q", "killed"} {
		if code, said := call(t, folder, "ergon", append(tiny, "out.dir="+name)...); code != 0 {
			t.Errorf("a run's own directory: exit code %d: %s", code, said)
		}
	}
	for name, more := range map[string]string{
		"finished": "seed=5", "my run": "seed=5", "-q": "seed=5", "killed": "seed=5", "full": "", "file": "", "file/below": "", "bench": "",
	} {
		t.Run(strings.ReplaceAll(name, "/", " "), func(t *testing.T) {
			args := append(tiny, "out.dir="+name)
			if more != "" {
				args = append(args, more)
			}
			code, said := call(t, folder, "ergon", args...)
			if code == 0 {
				t.Fatalf("out.dir=%s is used", name)
			}
			if follow(t, folder, said, args) == 0 {
				t.Errorf("no advice: %s", said)
			}
		})
	}
	if text, err := os.ReadFile(filepath.Join(folder, "full", "x")); err != nil || string(text) != "mine" {
		t.Errorf("the file of another is %q, %v", text, err)
	}
}

// So does what is advised after wrong calls.
func TestAdviceOnCallsHolds(t *testing.T) {
	folder := t.TempDir()
	create(t, folder, "file")
	for _, line := range []string{
		"show", "rules more", "speed --nonsense", "speed --batch many", "data nonsense", "bench --jobs 2", "theory --plot x.svg",
		"bench train.batch=3", "train --nonsense", "data check",
	} {
		args := strings.Fields(line)
		code, said := call(t, folder, "ergon", args...)
		if code != exitUsage || follow(t, folder, said, args) == 0 {
			t.Errorf("ergon %s: exit code %d, no advice in %s", line, code, said)
		}
	}
}

// What is finished of a benchmark that was stopped is used by the same call.
func TestAdviceOnBenchmarksHolds(t *testing.T) {
	folder := t.TempDir()
	bench := "base: mixture\nset: {data.train: 2000, data.test: 50}\nrules: [{label: full}]\nseeds: 3\ngoals: [1]\nbudget: 20000\n"
	if err := os.WriteFile(filepath.Join(folder, "b.yaml"), []byte(bench), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"bench", "b.yaml", "-q", "--jobs", "1", "--out", "o"}
	c := exec.Command("ergon", args...)
	var said strings.Builder
	c.Dir, c.Stderr = folder, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	summaries := filepath.Join(folder, "o", "cells", "*", rundir.SummaryFile)
	var first []string // the run that was finished first
	for end := time.Now().Add(20 * time.Second); len(first) == 0 && time.Now().Before(end); time.Sleep(time.Millisecond) {
		first, _ = filepath.Glob(summaries)
	}
	heeded(t, syscall.SIGHUP)
	send(t, c, syscall.SIGHUP)
	if code := codeAfter(t, c); code != exitInterrupted || len(first) != 1 {
		t.Fatalf("exit code %d, finished %v: %s", code, first, said.String())
	}
	before, err := os.Stat(first[0])
	if err != nil {
		t.Fatal(err)
	}
	if follow(t, folder, said.String(), args) == 0 {
		t.Errorf("no advice: %s", said.String())
	}
	if after, err := os.Stat(first[0]); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the run that was finished was made again (%v)", err)
	}
}
