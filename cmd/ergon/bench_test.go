package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/sweep"
)

// After an interrupt the same call goes on, but not with --force, which would
// begin anew.
func TestHowToGoOn(t *testing.T) {
	pending := []sweep.Outcome{{}}
	for force, want := range map[bool]string{
		false: "interrupted with 1 of 1 runs to go; what is finished is in here, and the same call goes on from there",
		true:  "interrupted with 1 of 1 runs to go; what is finished is in here, and the same call without --force runs only what is missing",
	} {
		err := benchError(pending, benchOptions{force: force, out: "here"})
		if code, ok := errors.AsType[exit](err); !ok || code.code != exitInterrupted || !strings.Contains(err.Error(), want) {
			t.Errorf("force %v: got %v, want %s", force, err, want)
		}
	}
}

// intruder is a writer that tries to hold a folder whenever it is written to.
type intruder struct {
	folder  string
	tries   int
	inside  bool // one of the tries succeeded
	written strings.Builder
}

// Write implements io.Writer.
func (i *intruder) Write(text []byte) (int, error) {
	i.tries++
	if release, err := sweep.Hold(i.folder); err == nil {
		i.inside = true
		release()
	}
	return i.written.Write(text)
}

// No other process gets into the folder of a benchmark while there is something to write:
// between two rungs of a search, or before the results are there.
func TestBenchHoldsItsFolder(t *testing.T) {
	folder := t.TempDir()
	bench, out := filepath.Join(folder, "small.yaml"), filepath.Join(folder, "out")
	text := `base: mixture
set: {data.train: 200, data.test: 50}
rules: [{label: full}]
seeds: 1
goals: [0.3]
budget: 400
tune: {label: t, search: {rule.optimizer.lr: [0.01, 0.1]}, candidates: 2, keep: 2, rungs: [0.2, 0.3], seeds: [8], fresh: [9]}
`
	if err := os.WriteFile(bench, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--tune"}, {"--force"}} {
		said, printed := &intruder{folder: out}, &intruder{folder: out}
		c := newRoot()
		c.SetArgs(append([]string{"bench", bench, "--out", out, "--force"}, args...))
		c.SetErr(said)
		c.SetOut(printed)
		if err := c.Execute(); err != nil {
			t.Fatal(err)
		}
		if said.inside || printed.inside {
			t.Errorf("%s: another process got in, while it said %v, while it printed %v", args, said.inside, printed.inside)
		}
		if said.tries == 0 || printed.tries == 0 {
			t.Errorf("%s: nothing was said or printed", args)
		}
		release, err := sweep.Hold(out)
		if err != nil {
			t.Fatalf("%s: held after its end: %v", args, err)
		}
		release()
	}
}
