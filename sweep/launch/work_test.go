package launch

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ergon/sweep"
	"ergon/train/rundir"
)

// What workers make in any order is, byte for byte, what `ergon bench` makes of the same
// cells.
func TestCollectIsBench(t *testing.T) {
	text := replaced(t, small, "figures: false", "launch: {pack: 2}")
	s := create(t, text)
	if w := worked(t, s); w != (Worked{Cells: 6, Done: 6}) {
		t.Fatalf("worked %+v", w)
	}
	report, _, err := s.Collect(noNotes(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := report.Write(s.Folder); err != nil {
		t.Fatal(err)
	}
	collected := results(t, s.Folder)
	bench := parse(t, text)
	cells, err := bench.Cells(nil)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := bench.Asked(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := sweep.Run(context.Background(), cells, sweep.Options{Out: s.Folder, Asked: asked, Note: noNotes(t)})
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(outcomes, func(o sweep.Outcome) bool { return !o.Reused }); i >= 0 {
		t.Errorf("cell %d was run again", i)
	}
	again := bench.NewReport(outcomes)
	again.Asked = asked
	if err := again.Write(s.Folder); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(results(t, s.Folder), collected); diff != "" {
		t.Errorf("(-bench +collect)\n%s", diff)
	}
}

// results returns the files of a report by name.
func results(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"bench.*", "figures/*"} {
		names, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[filepath.Base(name)] = string(text)
		}
	}
	if len(files) < 5 {
		t.Fatalf("results are %d files", len(files))
	}
	return files
}

// A cell that fails is one with a reason, stops no other, and is tried again by retry only.
func TestFailures(t *testing.T) {
	s := create(t, small)
	blocked := string(s.cells[2].Directory(s.Folder))
	if err := os.MkdirAll(filepath.Dir(blocked), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(blocked, []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w := worked(t, s); w != (Worked{Cells: 6, Done: 5, Failed: 1}) {
		t.Errorf("worked %+v", w)
	}
	st := status(t, s)
	if c := st.Cells[2]; st.Failed != 1 || st.Done != 5 || c.State != Failed || !strings.Contains(c.Why, "no directory") {
		t.Errorf("status %+v", st)
	}
	report, _, err := s.Collect(nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.WriteMarkdown(&b); err != nil || !strings.Contains(b.String(), "## Failed\n\n- full, seed 1: ") {
		t.Errorf("%v\n%s", err, &b)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	if w := worked(t, s); w.Failed != 1 {
		t.Errorf("it was tried again: %+v", w)
	}
	if n, err := s.Retry(); n != 1 || err != nil {
		t.Errorf("retry: %d, %v", n, err)
	}
	if st := status(t, s); st.Missing != 1 || len(st.Packs()) != 1 {
		t.Errorf("after retry %+v", st)
	}
	if w := worked(t, s); w.Done != 6 {
		t.Errorf("worked %+v", w)
	}
}

// Of two workers with the same cells, one runs each.
func TestCellsAreRunOnce(t *testing.T) {
	var before os.FileInfo // of the first worker's summary
	s := create(t, replaced(t, small, "figures: false", "launch: {pack: 6}"))
	directory := string(s.cells[0].Directory(s.Folder))
	other, err := rundir.OpenCell(directory, false) // as another worker that runs it
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	w, err := s.Work(context.Background(), 0, 1, Watch{Note: func(text string) { notes = append(notes, text) }})
	if err != nil || w.Done != 5 || w.Pending() != 1 || len(notes) != 1 || !strings.Contains(notes[0], "left to another process") {
		t.Errorf("worked %+v, %v, %q", w, err, notes)
	}
	if st := status(t, s); st.Failed != 0 || st.Missing != 1 {
		t.Errorf("status %+v", st)
	}
	if err := other.Close(); err != nil {
		t.Error(err)
	}

	// The other worker finishes the cell after this one has looked, and before it begins.
	entered := false
	cell := s.cells[0]
	_, err = s.run(context.Background(), []sweep.Cell{cell}, work{jobs: 1, observe: func(p sweep.Progress) {
		if p.Ended != nil || entered {
			return
		}
		entered = true
		if _, err := s.run(context.Background(), []sweep.Cell{cell}, work{jobs: 1}); err != nil {
			t.Error(err)
		}
		before, _ = os.Stat(filepath.Join(directory, rundir.SummaryFile))
	}})
	if err != nil || !entered {
		t.Fatalf("%v, %v", err, entered)
	}
	after, err := os.Stat(filepath.Join(directory, rundir.SummaryFile))
	if err != nil || before == nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("the cell was run a second time: %v", err)
	}
}

// A cell that another process takes over while it runs here is neither done nor failed here.
func TestCellsTakenOver(t *testing.T) {
	t.Setenv("SLURM_JOB_ID", "1")
	s := create(t, replaced(t, small, "figures: false", "launch: {pack: 6}"))
	var winner *rundir.Writer
	var err error
	directory := s.cells[0].Directory(s.Folder)
	over := make(chan struct{})
	go func() { // as soon as it has begun
		defer close(over)
		for range 10_000 {
			if rundir.Peek(string(directory)) != rundir.Nothing {
				break
			}
			time.Sleep(time.Millisecond)
		}
		if err = os.Setenv("SLURM_RESTART_COUNT", "1"); err == nil {
			winner, err = rundir.OpenCell(string(directory), false)
		}
	}()
	t.Setenv("SLURM_RESTART_COUNT", "0")
	var notes []string
	cells, err2 := s.run(context.Background(), s.cells[:1], work{jobs: 1, note: func(text string) { notes = append(notes, text) }})
	<-over
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if winner.Found == rundir.Finished {
		t.Skip("the cell was made before it could be taken over")
	}
	if o := cells[0]; o.Err != nil || o.Finished() || len(notes) != 1 || !strings.Contains(notes[0], rundir.ErrLost.Error()) {
		t.Errorf("%+v, notes %q", o, notes)
	}
	if err := winner.Close(); err != nil {
		t.Error(err)
	}
	if st := status(t, s); st.Failed != 0 || st.Missing != 6 {
		t.Errorf("status %+v", st)
	}
	if w := worked(t, s); w.Done != 6 {
		t.Errorf("afterwards %+v", w)
	}
}

// A cell that was begun and not ended may have killed its process: the others come first.
func TestSuspectsComeLast(t *testing.T) {
	s := create(t, small)
	for i := range 2 {
		w, err := rundir.OpenCell(string(s.cells[i].Directory(s.Folder)), true)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 { // one that a signal ended is none
			err = w.WriteJSON(rundir.SummaryFile, rundir.Summary{Status: rundir.StatusInterrupted})
		}
		if err := errors.Join(err, w.Close()); err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	if _, err := s.workOn(context.Background(), s.cells, 1, Watch{Observe: func(p sweep.Progress) {
		if p.Ended != nil {
			order = append(order, p.Ended.Hash)
		}
	}}); err != nil {
		t.Fatal(err)
	}
	if len(order) != 6 || order[5] != s.cells[1].Hash || order[0] != s.cells[0].Hash {
		t.Errorf("%s comes at %d of %d, want last", s.cells[1].Hash, slices.Index(order, s.cells[1].Hash), len(order))
	}
}

// While workers share a folder, `ergon bench` has no place in it, and the reverse.
func TestWorkersAndBenchExclude(t *testing.T) {
	s := create(t, small)
	inside := 0
	_, err := s.run(context.Background(), s.cells[:1], work{jobs: 1, observe: func(p sweep.Progress) {
		inside++
		if _, err := sweep.Run(context.Background(), s.cells, sweep.Options{Out: s.Folder}); err == nil {
			t.Error("bench runs beside workers")
		}
	}})
	if err != nil || inside == 0 {
		t.Error(err)
	}
	_, err = sweep.Run(context.Background(), s.cells[:1], sweep.Options{Out: s.Folder, Force: true, Observe: func(sweep.Progress) {
		if _, err := s.Work(context.Background(), 0, 1, Watch{}); err == nil {
			t.Error("a worker runs beside bench")
		}
	}})
	if err != nil {
		t.Error(err)
	}
}
