package rundir

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ergon/internal/folderlock"
)

// read returns a file's content.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// takenOver opens a directory, and has it taken over by the same task of a scheduler, begun again.
func takenOver(t *testing.T, before func(w *Writer)) (loser, winner *Writer) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "run")
	t.Setenv("SLURM_JOB_ID", "1")
	loser = opened(t, OpenCell, path, false)
	before(loser)
	t.Setenv("SLURM_RESTART_COUNT", "1")
	return loser, opened(t, OpenCell, path, false)
}

// Nothing that the loser of a directory calls changes it.
func TestLoserWritesNothing(t *testing.T) {
	text := func(to io.Writer) error { _, err := io.WriteString(to, "loser"); return err }
	loser, winner := takenOver(t, func(w *Writer) {
		if err := errors.Join(w.WriteJSON(MetaFile, "meta"), w.Write(SummaryFile, []byte("summary"))); err != nil {
			t.Fatal(err)
		}
	})
	for what, err := range map[string]error{
		"write":  loser.Write(ConfigFile, nil),
		"with":   loser.WriteWith(CheckpointsFolder+"/"+WeightsFile, text),
		"JSON":   loser.WriteJSON(SummaryFile, 1),
		"remove": loser.Remove(SummaryFile),
		"clear":  loser.Clear(),
		"check":  loser.Check(),
		"lost":   loser.Lost(),
		"folder": func() error { _, _, err := loser.Folder("x"); return err }(),
		"lines":  func() error { _, err := loser.Lines(MetricsFile, 0); return err }(),
	} {
		if !errors.Is(err, ErrLost) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	closed(t, loser)
	closed(t, winner)
	entries, err := os.ReadDir(string(winner.Directory))
	if err != nil || len(entries) != 2 || read(t, winner.Path(MetaFile)) != "\"meta\"\n" || read(t, winner.Path(SummaryFile)) != "summary" {
		t.Errorf("%v, %v are there", entries, err)
	}
}

// What is half-written when a directory is taken over is gone, in each folder, so that it cannot
// get its name.
func TestHalfWrittenFilesAreGone(t *testing.T) {
	for _, name := range []string{SummaryFile, CheckpointsFolder + "/" + WeightsFile, CheckpointsFolder + "/step-000007.safetensors"} {
		var winner *Writer
		t.Setenv("SLURM_RESTART_COUNT", "0")
		loser := takenOverWhile(t, name, &winner)
		if entries, err := os.ReadDir(filepath.Dir(winner.Path(name))); err != nil || strings.Contains(names(entries), filepath.Base(name)) {
			t.Errorf("%s: %s, %v are there", name, names(entries), err)
		}
		closed(t, loser)
		closed(t, winner)
	}
}

// takenOverWhile has a directory taken over while a file is written.
func takenOverWhile(t *testing.T, name string, winner **Writer) (loser *Writer) {
	t.Helper()
	t.Setenv("SLURM_JOB_ID", "1")
	path := filepath.Join(t.TempDir(), "run")
	loser = opened(t, OpenCell, path, false)
	err := loser.WriteWith(name, func(to io.Writer) error {
		t.Setenv("SLURM_RESTART_COUNT", "1")
		*winner = opened(t, OpenCell, path, false)
		_, err := io.WriteString(to, "loser")
		return err
	})
	if !errors.Is(err, ErrLost) {
		t.Errorf("%s: error %v", name, err)
	}
	return loser
}

func names(entries []os.DirEntry) (all string) {
	for _, e := range entries {
		all += e.Name() + " "
	}
	return all
}

// Lines go on after those that are kept; what another process still adds goes nowhere.
func TestLines(t *testing.T) {
	var old *Lines
	loser, winner := takenOver(t, func(w *Writer) {
		err := w.WriteJSON(MetaFile, "meta")
		if old, _ = w.Lines(LogFile, WholeLines); err != nil || old == nil {
			t.Fatal(err)
		}
		if _, err := old.Write([]byte("one\ntwo\nthr")); err != nil {
			t.Fatal(err)
		}
	})
	for length, want := range map[int64]string{4: "one\nnew\n", 0: "new\n", WholeLines: "one\ntwo\nnew\n", 11: "one\ntwo\nthrnew\n"} {
		if err := os.WriteFile(winner.Path(MetricsFile), []byte("one\ntwo\nthr"), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := winner.Lines(MetricsFile, length)
		if err != nil {
			t.Fatal(err)
		}
		_, err = l.Write([]byte("new\n"))
		if err := errors.Join(err, l.Sync(), l.Close()); err != nil || l.Size() != int64(len(want)) {
			t.Errorf("%d: %d bytes, %v", length, l.Size(), err)
		}
		if got := read(t, winner.Path(MetricsFile)); got != want {
			t.Errorf("%d: %q, want %q", length, got, want)
		}
	}
	if _, err := winner.Lines(MetricsFile, 1000); err == nil || !strings.Contains(err.Error(), "begin anew with --force") {
		t.Errorf("error %v of a file that is too short", err)
	}
	if _, err := winner.Lines(StepsFile, 1); err == nil {
		t.Error("lines that are not there are kept")
	}
	l, err := winner.Lines(LogFile, WholeLines)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.file.Write([]byte("late\n")); err != nil { // whose look at the claim came before
		t.Fatal(err)
	}
	if _, err := old.Write([]byte("later\n")); !errors.Is(err, ErrLost) {
		t.Errorf("error %v", err)
	}
	if got := read(t, winner.Path(LogFile)); got != "one\ntwo\n" {
		t.Errorf("%q", got)
	}
	if err := errors.Join(l.Close(), old.Close()); err != nil {
		t.Error(err)
	}
	closed(t, loser)
	closed(t, winner)
}

// Whatever links lie in a directory, nothing outside of it is written or removed.
func TestLinksLeadNowhere(t *testing.T) {
	names := []string{MetaFile, ConfigFile, MetricsFile, StepsFile, LogFile, SummaryFile, SynapsesFile, SynapseArraysFile, ChainsFile, CheckpointsFolder, CheckpointsFolder + "/" + WeightsFile, CheckpointsFolder + "/step-000001.safetensors"}
	for _, name := range names {
		for _, force := range []bool{false, true} {
			folder, outside := t.TempDir(), t.TempDir()
			path := filepath.Join(folder, "run")
			put(t, outside, "other", WeightsFile, "step-000001.safetensors", "step-000002.safetensors.part")
			put(t, path, MetaFile)
			to := filepath.Join(outside, "other")
			if name == CheckpointsFolder {
				to = outside
			}
			link := filepath.Join(path, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(link), 0o700), os.RemoveAll(link), os.Symlink(to, link)); err != nil {
				t.Skip(err)
			}
			w, err := Open(path, force)
			if err == nil {
				for _, name := range names {
					if name != CheckpointsFolder {
						_ = w.Write(name, []byte("new"))
						_ = w.Remove(name)
					}
				}
				for _, name := range []string{MetricsFile, LogFile} {
					if l, err := w.Lines(name, WholeLines); err == nil {
						_, _ = l.Write([]byte("new"))
						_ = l.Close()
					}
				}
				closed(t, w)
			} else if name != CheckpointsFolder || !strings.Contains(err.Error(), CheckpointsFolder) {
				t.Errorf("%s: %v", name, err)
			}
			entries, err := os.ReadDir(outside)
			if err != nil || len(entries) != 4 {
				t.Errorf("%s, force %t: outside there are %v, %v", name, force, entries, err)
			}
			for _, e := range entries {
				if text := read(t, filepath.Join(outside, e.Name())); text != "" {
					t.Errorf("%s, force %t: %s outside has %q", name, force, e.Name(), text)
				}
			}
		}
	}
}

// A file of lines that a state needs, and that is gone or shorter, is an error that says what helps.
func TestLinesThatAreMissing(t *testing.T) {
	w := opened(t, Open, filepath.Join(t.TempDir(), "run"), false)
	defer closed(t, w)
	for _, there := range []bool{false, true} {
		if there {
			if err := os.WriteFile(w.Path(StepsFile), []byte("{}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := w.Lines(StepsFile, 100)
		if err == nil || !strings.Contains(err.Error(), w.Path(StepsFile)) || !strings.Contains(err.Error(), "--force") {
			t.Errorf("error %v", err)
		}
	}
}

// Versions from before there were claims lock the directory: they and this one keep each other out.
func TestVersionsWithoutClaims(t *testing.T) {
	path := t.TempDir()
	unlock, err := folderlock.Acquire(path)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := folderlock.Acquire(path); err == nil {
		again()
		unlock()
		t.Skip("folders cannot be locked here")
	}
	if _, err := Open(path, false); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), path) {
		t.Errorf("beside an earlier version: %v", err)
	}
	unlock()
	w := opened(t, Open, path, false)
	if _, err := folderlock.Acquire(path); !errors.Is(err, folderlock.ErrHeld) {
		t.Errorf("an earlier version, beside a writer: %v", err)
	}
	closed(t, w)
	unlock, err = folderlock.Acquire(path)
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}
