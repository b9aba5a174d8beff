package rundir

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// opened opens a directory, or ends the test.
func opened(t *testing.T, open func(string, bool) (*Writer, error), path string, force bool) *Writer {
	t.Helper()
	w, err := open(path, force)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// closed gives a directory up.
func closed(t *testing.T, w *Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// put writes files as anybody does.
func put(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// One process has a directory, and force removes what is a run's alone.
func TestDirectoryIsNotOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	w := opened(t, Open, path, false)
	if _, err := Open(path, true); !errors.Is(err, ErrHeld) {
		t.Errorf("error %v, want a refusal while a run goes on", err)
	}
	closed(t, w)
	put(t, path, "notes.txt")
	if _, err := Open(path, true); err == nil || errors.Is(err, ErrHeld) {
		t.Errorf("error %v, want --force to leave alone what is no run's", err)
	}
	put(t, path, MetaFile)
	if w = opened(t, Open, path, false); w.Found != Unfinished {
		t.Errorf("found %d", w.Found)
	}
	closed(t, w)
	if w = opened(t, Open, path, true); w.Found != Nothing {
		t.Errorf("found %d after it was cleared", w.Found)
	}
	closed(t, w)
	if entries, err := os.ReadDir(path); err != nil || len(entries) != 1 || entries[0].Name() != "notes.txt" {
		t.Errorf("%v, %v are left, want what is not the run's", entries, err)
	}
}

// A directory that is a run's by its place is renewed also where the run did not get
// to write meta.json; files that no run writes stay.
func TestOpenCell(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cell")
	w := opened(t, OpenCell, path, true)
	if _, err := OpenCell(path, true); !errors.Is(err, ErrHeld) {
		t.Errorf("error %v, want a refusal while a run goes on", err)
	}
	closed(t, w)
	files := []string{ConfigFile, ConfigFile + ".part", SummaryFile, filepath.Join(CheckpointsFolder, WeightsFile), "notes.txt", filepath.Join(CheckpointsFolder, "mine.npz")}
	put(t, path, files...)
	closed(t, opened(t, OpenCell, path, true))
	for i, name := range files {
		if _, err := os.Stat(filepath.Join(path, name)); (err == nil) != (i >= 4) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
