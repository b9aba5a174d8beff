//go:build unix

package launch

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/train/rundir"
)

// While tasks are queued that have other cells by their numbers, the list does not change.
func TestListStaysWhileTasksAreAlive(t *testing.T) {
	fakes(t, map[string]string{"sbatch": "echo 1", "scontrol": "echo MaxArraySize = 100", "squeue": `cat "$0.queue" 2>/dev/null || { for i in 0 1 2; do echo "1_$i PD Resources"; done; }`})
	s := create(t, small+"launch: {pack: 2}\n")
	r, err := s.Resume(context.Background(), "slurm", Options{Program: "/ergon"})
	if err != nil || len(r.Jobs) != 1 || r.Jobs[0].Packs != "0-2" {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err = s.Resume(context.Background(), "slurm", Options{Program: "/ergon"}); err != nil || len(r.Packs) != 0 || r.Status.Waiting != 6 {
		t.Errorf("resumed %+v, %v", r, err)
	}
	grown := parse(t, replaced(t, small, "seeds: 3", "seeds: 4")+"launch: {pack: 3}\n")
	if _, err := Create(s.Folder, grown, nil, false, nil); err == nil || !strings.Contains(err.Error(), "6 of its cells are queued or run") {
		t.Errorf("submitted over it: %v", err)
	}
	fakes(t, map[string]string{"squeue": "echo broken >&2; exit 1"})
	if _, err := Create(s.Folder, grown, nil, false, nil); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("submitted over it, and what is queued is not known: %v", err)
	}
	fakes(t, map[string]string{"squeue": "true", "scontrol": "false"})
	more, err := Create(s.Folder, grown, nil, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	if st := status(t, more); more.Packs() != 3 || st.Missing != 8 || len(st.Notes) != 0 {
		t.Errorf("%d packs, %+v", more.Packs(), st)
	}
}

// A sweep that began on this machine has no packs yet: they are made when it goes on
// elsewhere, and what was submitted before is not asked about them.
func TestPacksAreMadeLater(t *testing.T) {
	s := create(t, small+"launch: {cell_s: 200, kubernetes: {image: i, claim: c, mount: /}}\n")
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	r, err := s.Resume(stopped, "local", Options{})
	if err != nil || r.Ran.Pending() != 6 || s.Packs() != 6 {
		t.Fatalf("%+v, %v, %d packs", r.Ran, err, s.Packs())
	}
	if r, err = s.Resume(context.Background(), "kubernetes", Options{}); err != nil || r.Packs.String() != "0-1" {
		t.Errorf("packs %s, %v: %d of them", r.Packs, err, s.Packs())
	}
	again, err := Open(s.Folder)
	if err != nil || again.Packs() != 2 {
		t.Fatalf("%v, opened with other packs", err)
	}
	if st := status(t, again); st.Missing != 6 || len(st.Notes) != 0 {
		t.Errorf("%+v", st)
	}
}

// Where nothing says how long a cell takes, the first is run and says it.
func TestMeasured(t *testing.T) {
	s := create(t, small)
	var notes []string
	if err := s.Time(context.Background(), func(text string) { notes = append(notes, text) }); err != nil {
		t.Fatal(err)
	}
	if st := status(t, s); s.Packs() != 1 || st.Done != 1 || len(notes) != 1 || !strings.Contains(notes[0], "a cell takes about") {
		t.Errorf("%d packs, %+v, %q", s.Packs(), st, notes)
	}
	for _, c := range []struct {
		train configs.Train
		s     rundir.Summary
		want  float64
	}{
		{configs.Train{MaxSteps: 100}, rundir.Summary{Steps: 10}, 10},
		{configs.Train{Epochs: 5}, rundir.Summary{Steps: 10, Epochs: 0.5}, 10},
		{configs.Train{MaxPresentations: 1000}, rundir.Summary{Steps: 3, Samples: 250}, 4},
		{configs.Train{MaxPresentations: 1000, Epochs: 5, MaxSteps: 9}, rundir.Summary{Steps: 3, Samples: 250, Epochs: 0.1}, 3},
		{configs.Train{MaxSteps: 100}, rundir.Summary{}, 1},
	} {
		if got := share(c.train, &c.s); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v after %d steps: %g, want %g", c.train, c.s.Steps, got, c.want)
		}
	}
}

// A cell that fails where it is timed may run in a task: it is not recorded as failed, and the
// error says how to do without.
func TestTimedCellFails(t *testing.T) {
	s := create(t, small)
	blocked := string(s.cells[0].Directory(s.Folder))
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := s.Resume(context.Background(), "kubernetes", Options{})
	if err == nil || !strings.Contains(err.Error(), "nothing was submitted") || !strings.Contains(err.Error(), "--set cell_s=") {
		t.Errorf("error %v", err)
	}
	if st := status(t, s); st.Failed != 0 || st.Missing != 6 {
		t.Errorf("%+v", st)
	}
}

// Nothing was submitted: where it is to go on is not guessed, least of all to be here.
func TestNothingWasSubmitted(t *testing.T) {
	fakes(t, map[string]string{"sbatch": "echo invalid partition >&2; exit 1", "scontrol": "echo MaxArraySize = 100"})
	s := create(t, small+"launch: {pack: 2}\n")
	if _, err := s.Resume(context.Background(), "slurm", Options{Program: "/ergon"}); err == nil || !strings.Contains(err.Error(), "invalid partition") {
		t.Fatalf("error %v", err)
	}
	if on, err := s.LastOn(); err == nil || !strings.Contains(err.Error(), "--on") {
		t.Errorf("it goes on with %q, %v", on, err)
	}
}

// A retry that cannot have the sweep forgets no failure.
func TestRetryOfAHeldSweep(t *testing.T) {
	s := create(t, small)
	blocked := string(s.cells[0].Directory(s.Folder))
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if w := worked(t, s); w.Failed != 1 {
		t.Fatalf("worked %+v", w)
	}
	release, err := s.Hold()
	if err != nil {
		t.Fatal(err)
	}
	other, err := Open(s.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Resume(context.Background(), "local", Options{Retry: true}); err == nil || !strings.Contains(err.Error(), "by another process") {
		t.Errorf("error %v", err)
	}
	release()
	if st := status(t, s); st.Failed != 1 {
		t.Errorf("%+v", st)
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	if r, err := other.Resume(context.Background(), "local", Options{Retry: true}); err != nil || r.Ran.Done != 1 {
		t.Errorf("%+v, %v", r.Ran, err)
	}
}

// A cell that is finished while the scheduler is asked is done, and not missing because its task
// has ended.
func TestFinishedWhileAsked(t *testing.T) {
	s := create(t, small+"launch: {pack: 2}\n")
	if w := worked(t, s); w.Done != 6 {
		t.Fatalf("worked %+v", w)
	}
	mv, err := exec.LookPath("mv") // not on the path of fakes
	if err != nil {
		t.Skip(err)
	}
	cells := filepath.Join(s.Folder, "cells")
	if err := os.Rename(cells, cells+".later"); err != nil {
		t.Fatal(err)
	}
	fakes(t, map[string]string{
		"sbatch": "echo 1", "scontrol": "echo MaxArraySize = 100",
		"squeue": mv + " '" + cells + ".later' '" + cells + "'",
	})
	if r, err := s.Resume(context.Background(), "slurm", Options{Program: "/ergon"}); err != nil || len(r.Packs) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	if st := status(t, s); st.Done != 6 {
		t.Errorf("%+v, want all done", st)
	}
}

// Of two calls that submit the same sweep at the same time, the one that listed it first, and
// comes to submit it last, does not: its packs are not those of the list any more.
func TestSubmittedMeanwhile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "out")
	b := parse(t, small)
	first, err := Create(folder, b, nil, false, noNotes(t))
	if err != nil {
		t.Fatal(err)
	}
	b.Launch.Pack = 2
	if _, err := Create(folder, b, nil, false, noNotes(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Resume(context.Background(), "local", Options{}); err == nil || !strings.Contains(err.Error(), "was submitted by another call meanwhile") {
		t.Errorf("error %v", err)
	}
}
