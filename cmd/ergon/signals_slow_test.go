//go:build unix && slow

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ergon/train/rundir"
)

// interruptible are runs of a second or a few, small ones and some with much to save.
var interruptible = [][]string{
	{"mixture", "data.train=2000", "data.test=100", "train.epochs=100", "rule.mask=neurons", "train.eval_every=500", "train.log_every=1"},
	{"mixture", "data.train=600", "data.test=100", "train.batch=1", "train.epochs=20", "rule.cache=synaptic", "rule.synapse=stochastic", "train.log_every=3"},
	{"mnist", "data.train=3000", "data.test=1000", "model.hidden=[200]", "rule.optimizer=adam", "train.batch=20", "train.epochs=8", "train.eval_every=100"},
	{"convnet", "data.train=2000", "data.test=200", "model.channels=[4,8]", "train.batch=10", "train.epochs=4", "train.eval_every=100"},
}

// A signal at any time ends a run with exit code 75 within a second, and the same call goes on
// from the step that was said, to the bits of a run that was never stopped.
func TestSignalsAtAnyTime(t *testing.T) {
	const signalsOfARun = 76 // four runs: 304
	kinds := slices.DeleteFunc(slices.Concat(signals, systemSignals), func(s os.Signal) bool {
		return s == syscall.SIGHUP && signal.Ignored(s) // as under nohup
	})
	seed := uint64(time.Now().UnixNano())
	var mu sync.Mutex // of what follows
	var waits, controls []time.Duration
	ended := map[string]int{}
	t.Run("runs", func(t *testing.T) {
		atOnce := make(chan struct{}, runtime.NumCPU()) // more would wait for each other
		for i, settings := range interruptible {
			t.Run(settings[0], func(t *testing.T) {
				t.Parallel()
				atOnce <- struct{}{}
				defer func() { <-atOnce }()
				random := rand.New(rand.NewPCG(seed, uint64(i)))
				args := append(append([]string{"train"}, settings...), "out.dir=run", "-q")
				whole := t.TempDir()
				begun := time.Now()
				if code, said := call(t, whole, "ergon", args...); code != 0 {
					t.Fatalf("exit code %d: %s", code, said)
				}
				lasts := time.Since(begun)
				folder := t.TempDir()
				for n := 0; n < signalsOfARun; n++ {
					after := time.Duration(random.Int64N(int64(min(lasts, time.Second/4))))
					how, wait := interruptAt(t, folder, args, kinds[n%len(kinds)], after, n%4 != 0)
					nothing := control(t)
					mu.Lock()
					if ended[how]++; how == stoppedInOrder || how == stoppedAtOnce {
						waits, controls = append(waits, wait), append(controls, nothing)
					}
					mu.Unlock()
					switch how {
					case stoppedInOrder, stoppedAtOnce:
					case doneBefore:
						same(t, whole, folder)
						folder = t.TempDir()
						n--
					default:
						n-- // it is none of the 304
					}
				}
				if code, said := call(t, folder, "ergon", args...); code != 0 {
					t.Fatalf("exit code %d: %s", code, said)
				}
				same(t, whole, folder)
			})
		}
	})
	if t.Failed() || len(waits) == 0 {
		return
	}
	longest := slices.Max(waits)
	t.Logf("seed %d: %d signals: %v; from the signal to the end p50 %v, p99 %v, max %v; a call that does nothing: p50 %v, p99 %v",
		seed, len(waits), ended, quantile(waits, 0.5), quantile(waits, 0.99), longest, quantile(controls, 0.5), quantile(controls, 0.99))
	if len(waits) < 300 || ended[stoppedInOrder] < 200 {
		t.Errorf("%d signals, %d of them in training, are too few", len(waits), ended[stoppedInOrder])
	}
	// On a machine that takes so long for nothing the time says nothing of saving.
	if p99 := quantile(waits, 0.99); p99 > time.Second && quantile(controls, 0.99) < time.Second/4 {
		t.Errorf("p99 is %v, and a second is promised", p99)
	}
}

// control is the time of a call that does nothing.
func control(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	if code, said := call(t, t.TempDir(), "ergon", "--version"); code != 0 {
		t.Fatal(said)
	}
	return time.Since(begun)
}

// quantile returns that of times, which it sorts.
func quantile(times []time.Duration, p float64) time.Duration {
	slices.Sort(times)
	return times[min(len(times)-1, int(p*float64(len(times))))]
}

// What a signal has met.
const (
	stoppedInOrder = "stopped in order"
	stoppedAtOnce  = "stopped while it read its data"
	doneBefore     = "done before"
	tooEarly       = "before the program listened"
)

// interruptAt calls the program, sends it a signal after some time, which may be counted from
// the beginning of its training, and checks how it ends.
func interruptAt(t *testing.T, folder string, args []string, s os.Signal, after time.Duration, training bool) (how string, wait time.Duration) {
	t.Helper()
	d := rundir.Directory(filepath.Join(folder, "run"))
	before, linesBefore := stepsOf(d), lineCount(d)
	c := exec.Command("ergon", args...)
	var said bytes.Buffer
	c.Dir, c.Stderr = folder, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(patience); training && lineCount(d) <= linesBefore && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(after)
	sent := time.Now()
	_ = c.Process.Signal(s) // which may have ended
	code := codeAfter(t, c)
	wait = time.Since(sent)
	status := c.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case code == 0:
		return doneBefore, wait
	case status.Signaled() && status.Signal() == s && lineCount(d) == linesBefore:
		return tooEarly, wait // nothing was begun, and nothing of it is lost
	case code == exitInterrupted && lineCount(d) == linesBefore && strings.Contains(said.String(), "before anything was begun"):
		return stoppedAtOnce, wait
	case code != exitInterrupted:
		t.Fatalf("%v after %v: %v, want exit code %d: %s", s, after, c.ProcessState, exitInterrupted, said.String())
	}
	summary := summaryOf(t, folder)
	if summary.Status != rundir.StatusInterrupted || summary.InterruptedBy != signalName(s) {
		t.Errorf("%v: status %s by %q", s, summary.Status, summary.InterruptedBy)
	}
	if state := newest(d); state != summary.Steps {
		t.Errorf("%v: the summary is of step %d, and the newest state of step %d", s, summary.Steps, state)
	}
	if summary.Steps < before {
		t.Errorf("%v: %d steps, and there were %d before", s, summary.Steps, before)
	}
	if before > 0 && !strings.Contains(said.String(), fmt.Sprintf("goes on after step %d\n", before)) {
		t.Errorf("%v: it was to go on after step %d, and says %s", s, before, said.String())
	}
	return stoppedInOrder, wait
}

// stepsOf is how many steps the summary of an interrupted run promises; 0 without one.
func stepsOf(d rundir.Directory) int {
	s, err := d.Summary()
	if err != nil {
		return 0
	}
	return s.Steps
}

// lineCount counts the lines of a run's log, 0 where there is none.
func lineCount(d rundir.Directory) int {
	text, _ := os.ReadFile(d.Path(rundir.LogFile))
	return bytes.Count(text, []byte("\n"))
}

// A second INT or TERM while the state is being saved kills at once; the state before it, or
// the new one, is whole, and the same call goes on to the same bits.
func TestSecondSignalWhileSaving(t *testing.T) {
	args := []string{"train", "mnist", "data.train=2000", "data.test=200", "model.hidden=[200]", "rule.optimizer=adam", "train.batch=20", "train.epochs=100", "train.eval_every=2000", "out.dir=run", "-q"}
	whole := t.TempDir()
	if code, said := call(t, whole, "ergon", args...); code != 0 {
		t.Fatalf("exit code %d: %s", code, said)
	}
	const trials = 24
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	folder := t.TempDir()
	d := rundir.Directory(filepath.Join(folder, "run"))
	left, span := saveOnce(t, folder, args)
	killed, inWrite, inOrder := 0, 0, 0
	for n := range trials {
		s := insist[n%len(insist)]
		c := begin(t, folder, args...)
		waitForLog(t, d, "resumed", c)
		time.Sleep(time.Duration(random.Int64N(int64(20 * time.Millisecond))))
		send(t, c, s)
		for end := time.Now().Add(patience); !writing(d) && newest(d) <= left && time.Now().Before(end); {
			time.Sleep(20 * time.Microsecond)
		}
		time.Sleep(time.Duration(random.Int64N(int64(span))))
		// It stands still for so long that the second signal is not of the same request.
		_ = c.Process.Signal(syscall.SIGSTOP)
		time.Sleep(sameRequest + 20*time.Millisecond)
		part := writing(d)
		_ = c.Process.Signal(s)
		_ = c.Process.Signal(syscall.SIGCONT)
		code := codeAfter(t, c)
		switch status := c.ProcessState.Sys().(syscall.WaitStatus); {
		case status.Signaled() && status.Signal() == s:
			if killed++; part {
				inWrite++
			}
		case code == exitInterrupted:
			inOrder++ // it was quicker
		default:
			t.Fatalf("%v, want to be killed by %v", c.ProcessState, s)
		}
		if now := newest(d); now < left {
			t.Errorf("the newest state is of step %d, and was of %d", now, left)
		} else {
			left = now
		}
	}
	code, said := call(t, folder, "ergon", args...)
	if code != 0 || !strings.Contains(said, fmt.Sprintf("goes on after step %d\n", left)) || strings.Count(said, "\n") != 1 {
		t.Fatalf("exit code %d, and says %s", code, said)
	}
	same(t, whole, folder)
	t.Logf("seed %d: a state is written in %v; %d trials up to step %d: %d killed by the second signal, %d of them in the midst of a state's file; %d ended before", seed, span, trials, left, killed, inWrite, inOrder)
	if killed < trials/2 || inWrite < trials/8 {
		t.Error("too few were killed, or too few while a state was written")
	}
}

// saveOnce interrupts a new run and lets it end in order. It returns the step of the state
// that it leaves, and how long this machine writes such a state, 2 ms at least: the disk
// decides, and where it is slow a fixed time would always end in the midst of the file.
func saveOnce(t *testing.T, folder string, args []string) (step int, span time.Duration) {
	t.Helper()
	d := rundir.Directory(filepath.Join(folder, "run"))
	c := begin(t, folder, args...)
	waitFor(t, d.Path(rundir.LogFile))
	send(t, c, insist[0])
	begun, ended := time.Now(), time.Now()
	for end := time.Now().Add(patience); newest(d) < 0 && time.Now().Before(end); time.Sleep(20 * time.Microsecond) {
		if !writing(d) {
			begun = time.Now()
		}
		ended = time.Now()
	}
	if code := codeAfter(t, c); code != exitInterrupted {
		t.Fatalf("exit code %d, want %d", code, exitInterrupted)
	}
	return newest(d), max(ended.Sub(begun), 2*time.Millisecond)
}

// waitForLog waits until a running program's log has so many lines of a message as it has
// parts: the last one is of that program.
func waitForLog(t *testing.T, d rundir.Directory, message string, c *exec.Cmd) {
	t.Helper()
	count := func() int {
		text, _ := os.ReadFile(d.Path(rundir.LogFile))
		return bytes.Count(text, []byte(`"msg":"`+message+`"`))
	}
	for before, end := count(), time.Now().Add(patience); count() <= before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d does not log %q", c.Process.Pid, message)
		}
	}
}
