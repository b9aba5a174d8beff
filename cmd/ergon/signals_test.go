//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ergon/train/rundir"
)

// endless are the settings of a small run that ends by a signal only.
var endless = []string{"train", "mixture", "data.train=2000", "data.test=500", "train.epochs=0", "train.max_steps=1000000000", "train.eval_every=50"}

// begin starts the program in a folder of its own.
func begin(t *testing.T, folder string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command("ergon", args...) // the test binary, by TestMain
	c.Dir = folder
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	return c
}

// waitFor waits until a file has content.
func waitFor(t *testing.T, path string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return
		}
	}
	t.Fatalf("nothing is in %s", path)
}

// send sends a signal.
func send(t *testing.T, c *exec.Cmd, s os.Signal) {
	t.Helper()
	if err := c.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// codeAfter waits for the end of the program, and returns its exit code. A program that does
// not end is killed, and fails the test.
func codeAfter(t *testing.T, c *exec.Cmd) int {
	t.Helper()
	limit := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	err := c.Wait()
	if !limit.Stop() {
		t.Fatalf("%v does not end: killed after %v", c, patience)
	}
	if failed := new(exec.ExitError); err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode()
}

// interrupted checks what a run in a directory has left, and by which signal.
func interrupted(t *testing.T, d rundir.Directory, by string) {
	t.Helper()
	s, err := d.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != rundir.StatusInterrupted || s.InterruptedBy != by || s.Steps == 0 {
		t.Errorf("status %s by %q after %d steps, want interrupted by %s", s.Status, s.InterruptedBy, s.Steps, by)
	}
	if _, err := os.Stat(d.Path(filepath.Join(rundir.CheckpointsFolder, rundir.WeightsFile))); err != nil {
		t.Error(err)
	}
	if last := logged(t, d)[len(logged(t, d))-1]; last["signal"] != by {
		t.Errorf("the log ends with %v, want the signal", last)
	}
}

// logged returns the lines of a run's log.
func logged(t *testing.T, d rundir.Directory) (lines []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(d.Path(rundir.LogFile))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		object := map[string]any{}
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, object)
	}
	return lines
}

// heeded skips a test of HUP where these tests run under nohup, which the program inherits.
func heeded(t *testing.T, s os.Signal) {
	t.Helper()
	if s == syscall.SIGHUP && signal.Ignored(s) {
		t.Skip("HUP is ignored here, as under nohup")
	}
}

// A batch system announces the end by one signal or another: each ends a run with its
// results on disk.
func TestSignalEndsRunWithResults(t *testing.T) {
	wanted := []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGXCPU}
	for _, s := range wanted {
		if !slices.Contains(signals, s) {
			t.Errorf("%v is not among the signals that end a run", s)
		}
	}
	for _, s := range slices.Concat(signals, systemSignals) {
		t.Run(signalName(s), func(t *testing.T) {
			t.Parallel()
			heeded(t, s)
			folder := t.TempDir()
			c := begin(t, folder, append(endless, "out.dir=run", "-q")...)
			waitFor(t, filepath.Join(folder, "run", rundir.MetricsFile))
			send(t, c, s)
			send(t, c, s) // as timeout(1) does: still one request
			if code := codeAfter(t, c); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			interrupted(t, rundir.Directory(filepath.Join(folder, "run")), signalName(s))
		})
	}
}

// nohup starts programs with HUP ignored, and they go on when the terminal goes away.
func TestNohup(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := exec.Command("sh", append([]string{"-c", `trap "" HUP; exec ergon "$@"`, "sh"}, append(endless, "out.dir=run", "-q")...)...)
	c.Dir = folder
	if err := c.Start(); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	metrics := filepath.Join(folder, "run", rundir.MetricsFile)
	waitFor(t, metrics)
	send(t, c, syscall.SIGHUP)
	time.Sleep(20 * time.Millisecond)
	before, err := os.Stat(metrics)
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if now, err := os.Stat(metrics); err == nil && now.Size() > before.Size() {
			break
		} else if time.Now().After(end) {
			t.Fatal("the run does not go on")
		}
	}
	send(t, c, syscall.SIGTERM)
	if code := codeAfter(t, c); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	interrupted(t, rundir.Directory(filepath.Join(folder, "run")), "SIGTERM")
}

// A run that does not come to its end, here because nobody reads what it says, is killed by
// a second signal.
func TestSecondSignalKills(t *testing.T) {
	for _, s := range insist {
		t.Run(signalName(s), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			full, out := fullPipe(t)
			c := exec.Command("ergon", append(endless, "out.dir=run")...)
			c.Dir, c.Stderr = folder, out
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Process.Kill() })
			waitFor(t, filepath.Join(folder, "run"))
			send(t, c, s)
			time.Sleep(sameRequest + 100*time.Millisecond)
			send(t, c, syscall.SIGUSR1) // others ask no more than the first one did
			for _, other := range insist {
				if other != s {
					send(t, c, other)
				}
			}
			ended := make(chan struct{})
			go func() {
				for end := time.Now().Add(20 * time.Second); ; { // however late it hears of the first one
					select {
					case <-ended:
						return
					case <-time.After(20 * time.Millisecond):
						if _ = c.Process.Signal(s); time.Now().After(end) {
							_ = c.Process.Kill()
						}
					}
				}
			}()
			codeAfter(t, c)
			close(ended)
			if status := c.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != s {
				t.Errorf("ended with %v, want %v", c.ProcessState, s)
			}
			_ = full.Close()
		})
	}
}

// fullPipe returns both ends of a pipe that takes nothing more.
func fullPipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(r.Close(), w.Close()) })
	if err := w.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Skip(err)
	}
	for err == nil {
		_, err = w.Write(make([]byte, 1<<16))
	}
	return r, w
}

// Every command either is done in a moment, or ends with exit code 75 when a signal asks
// it to.
func TestLongCommandsEndBySignal(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // a proxy that never answers
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	t.Setenv("HTTPS_PROXY", "http://"+silent.Addr().String())
	t.Setenv("HTTP_PROXY", "http://"+silent.Addr().String())
	bench := filepath.Join(t.TempDir(), "long.yaml")
	if err := os.WriteFile(bench, []byte("base: mixture\nset: {data.train: 2000}\nrules: [{label: full}]\nseeds: 2\ngoals: [1]\nbudget: 1e9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	listed := filepath.Join(t.TempDir(), "listed")
	if err := exec.Command("ergon", "sweep", "submit", bench, "--dry-run", "--out", listed).Run(); err != nil {
		t.Fatal(err)
	}
	long := map[string][][]string{
		"ergon sweep submit": {{"sweep", "submit", bench}},
		"ergon sweep resume": {{"sweep", "resume", listed, "--on", "local"}},
		"ergon sweep retry":  {{"sweep", "retry", listed, "--on", "local"}},
		"ergon sweep work":   {{"sweep", "work", listed, "--index", "0"}},
		"ergon train":        {endless},
		"ergon bench":        {{"bench", bench}},
		"ergon theory":       {{"theory", "ridge", "p=0.5", "eta=0.1", "simulate=100000"}},
		"ergon speed":        {{"speed", "--batch", "1", "--hidden", "10", "--seconds", "1000"}, {"speed", "--suite", "--seconds", "1000"}},
		"ergon data fetch":   {{"data", "fetch", "fashion_mnist", "--dir", "f"}},
	}
	short := []string{
		"ergon", "ergon show", "ergon configs", "ergon rules", "ergon prices", "ergon doctor",
		"ergon data", "ergon data list", "ergon data check", "ergon sweep", "ergon sweep status", "ergon sweep collect",
	}
	for _, command := range commands(newRoot()) {
		path := command.CommandPath()
		if slices.Contains(short, path) {
			continue
		}
		if long[path] == nil {
			t.Errorf("%s: is it done in a moment? else it must end by a signal: add a call of it here", path)
		}
		if !strings.Contains(command.Long, "exit code 75") {
			t.Errorf("%s: its help does not say what a signal does", path)
		}
		for _, args := range long[path] {
			t.Run(strings.Join(args[:2], " "), func(t *testing.T) {
				// Until it listens the program ignores USR1, also before it has begun.
				c := exec.Command("sh", append([]string{"-c", `trap "" USR1; exec 3>&-; exec ergon "$@"`, "sh"}, args...)...)
				c.Dir = t.TempDir()
				ignored, closed, err := os.Pipe()
				if err != nil {
					t.Fatal(err)
				}
				c.ExtraFiles = []*os.File{closed}
				if err := c.Start(); err != nil {
					t.Skip(err)
				}
				t.Cleanup(func() { _ = c.Process.Kill() })
				_ = closed.Close()
				_, _ = ignored.Read(make([]byte, 1)) // to the end of the pipe, when the shell closes it
				_ = ignored.Close()
				ended := make(chan struct{})
				go func() {
					for {
						select {
						case <-ended:
							return
						case <-time.After(20 * time.Millisecond):
							_ = c.Process.Signal(syscall.SIGUSR1)
						}
					}
				}()
				if code := codeAfter(t, c); code != exitInterrupted {
					t.Errorf("exit code %d (%v), want %d", code, c.ProcessState, exitInterrupted)
				}
				close(ended)
			})
		}
	}
}
