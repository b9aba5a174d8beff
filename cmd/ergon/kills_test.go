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
	"sync"
	"testing"
	"time"

	"ergon/internal/atomicfile"
	"ergon/train/rundir"
)

// where a kill has met a run, as is seen from what is left.
type where string

const (
	beforeAll  where = "before the run began"
	beforeStep where = "before the first state"
	inState    where = "while a state was being written"
	atEdge     where = "within a step of an epoch's edge"
	atEnd      where = "after the last state"
	again      where = "again, before a resumed run saved anything"
	elsewhere  where = "elsewhere"
)

var moments = []where{beforeAll, beforeStep, inState, atEdge, atEnd, again, elsewhere}

// tally counts kills by where they met a run.
type tally struct {
	mu     sync.Mutex
	counts map[where]int
}

func (c *tally) add(w where) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[w]++
}

func (c *tally) total() (n int) {
	for _, k := range c.counts {
		n += k
	}
	return n
}

// String implements fmt.Stringer.
func (c *tally) String() string {
	text := fmt.Sprintf("%d kills", c.total())
	for _, w := range moments {
		text += fmt.Sprintf(", %d %s", c.counts[w], w)
	}
	return text
}

// killer kills one run over and over.
type killer struct {
	random *rand.Rand
	lasts  time.Duration // the run at one go
	steps  int           // its steps
	args   []string
	fell   *tally
}

// moment says of a run in a directory whether it is time to kill it, the process having run
// for so long.
type moment func(d rundir.Directory, since time.Duration) bool

// moments are those of one run, in an order in which most of them come to pass.
func (k *killer) moments() []moment {
	perEpoch := max(1, k.steps/epochs)
	edge := perEpoch*(1+k.random.IntN(epochs-1)) - 1 + k.random.IntN(2)
	all := []moment{
		k.anyTime(), k.once(begun), // no state yet
		k.resuming(), k.once(writing),
		k.once(saved(edge)), k.resuming(),
		k.once(saved(k.steps - 1)),
	}
	if everyKillOf {
		return all
	}
	return all[2+k.random.IntN(2):]
}

// anyTime is any time of the run.
func (k *killer) anyTime() moment {
	at := time.Duration(k.random.Int64N(int64(k.lasts)))
	return func(_ rundir.Directory, since time.Duration) bool { return since >= at }
}

// resuming is a time at which a process that goes on has not got far.
func (k *killer) resuming() moment {
	at := time.Duration(k.random.Int64N(int64(k.lasts)/2 + 1))
	return func(_ rundir.Directory, since time.Duration) bool { return since >= at }
}

// once is a moment up to a millisecond after something is seen.
func (k *killer) once(seen func(rundir.Directory) bool) moment {
	after := time.Duration(k.random.Int64N(int64(time.Millisecond)))
	return func(d rundir.Directory, _ time.Duration) bool {
		if !seen(d) {
			return false
		}
		time.Sleep(after)
		return true
	}
}

func begun(d rundir.Directory) bool {
	_, err := os.Stat(d.Path(rundir.MetaFile))
	return err == nil
}

// writing tells whether a file of the folder of states is half-written.
func writing(d rundir.Directory) bool {
	parts, _ := filepath.Glob(d.Path(filepath.Join(rundir.CheckpointsFolder, rundir.StatePattern+"*"+atomicfile.Suffix)))
	return len(parts) > 0
}

// saved tells whether the state of a step, or of a later one, is there.
func saved(step int) func(rundir.Directory) bool {
	return func(d rundir.Directory) bool { return newest(d) >= step }
}

// newest is the step of the newest state, -1 if there is none.
func newest(d rundir.Directory) int {
	states, _ := filepath.Glob(d.Path(filepath.Join(rundir.CheckpointsFolder, rundir.StatePattern)))
	step := -1
	for _, name := range states {
		var s int
		if _, err := fmt.Sscanf(filepath.Base(name), "step-%d.safetensors", &s); err == nil {
			step = max(step, s)
		}
	}
	return step
}

// kill calls the program and kills it at a moment. It says whether it was still there.
func (k *killer) kill(t *testing.T, folder string, at moment) bool {
	t.Helper()
	d := rundir.Directory(filepath.Join(folder, "run"))
	before := newest(d)
	c := exec.Command("ergon", k.args...)
	var said bytes.Buffer
	c.Dir, c.Stderr = folder, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	since, ended := time.Now(), make(chan struct{})
	go func() {
		_ = c.Wait()
		close(ended)
	}()
	for alive := true; alive; {
		select {
		case <-ended:
			alive = false
		case <-time.After(100 * time.Microsecond):
			if at(d, time.Since(since)) {
				_ = c.Process.Kill()
				<-ended
				alive = false
			} else if time.Since(since) > patience {
				_ = c.Process.Kill()
				t.Fatalf("the run does not end: %s", said.String())
			}
		}
	}
	code := c.ProcessState.ExitCode()
	if code > 0 && code != exitDiverged {
		t.Fatalf("exit code %d: %s", code, said.String())
	}
	if strings.Contains(said.String(), "panic") {
		t.Fatal(said.String())
	}
	if code < 0 {
		k.fell.add(k.met(d, before))
	}
	return code < 0
}

// patience is how long a small run may take on a machine that has much else to do.
const patience = 2 * time.Minute

// met says where a kill has met the run, whose newest state was that of step before.
func (k *killer) met(d rundir.Directory, before int) where {
	perEpoch, now := max(1, k.steps/epochs), newest(d)
	switch {
	case !begun(d):
		return beforeAll
	case writing(d):
		return inState
	case now >= k.steps-1:
		return atEnd
	case now < 0:
		return beforeStep
	case now == before:
		return again
	case (now+1)%perEpoch <= 2:
		return atEdge
	}
	return elsewhere
}

// memoryFolder is a folder in memory where the system has that. A kill takes nothing that was
// written, whether it was flushed or not, and there flushing takes no time.
func memoryFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "ergon-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

// finish lets the run come to its end.
func (k *killer) finish(t *testing.T, folder string) {
	t.Helper()
	if k.kill(t, folder, func(rundir.Directory, time.Duration) bool { return false }) {
		t.Fatal("the run was killed by another")
	}
}
