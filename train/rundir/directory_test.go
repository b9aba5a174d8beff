package rundir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDirectoryIsNotOverwritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	_, release, err := Create(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Create(path, true); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v, want a refusal while a run goes on", err)
	}
	release()
	foreign := filepath.Join(path, "notes.txt")
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Create(path, true); err == nil || !strings.Contains(err.Error(), "not a run directory") {
		t.Errorf("error %v, want --force to leave alone what is no run's", err)
	}
	if err := os.WriteFile(filepath.Join(path, MetaFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Create(path, false); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("error %v, want a refusal that names --force", err)
	}
	_, release, err = Create(path, true)
	if err != nil {
		t.Fatal(err)
	}
	release()
	if _, err := os.Stat(foreign); err != nil {
		t.Errorf("--force removed a file that is not the run's: %v", err)
	}
}

// A directory that is a run's by its place is renewed also where the run did not get
// to write meta.json; files that no run writes stay.
func TestOpenCell(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cell")
	d, _, release, err := OpenCell(path, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := OpenCell(path, true); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v, want a refusal while a run goes on", err)
	}
	release()
	if err := os.Mkdir(d.Path(CheckpointsFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	files := []string{ConfigFile, ConfigFile + ".part", SummaryFile, filepath.Join(CheckpointsFolder, WeightsFile), "notes.txt", filepath.Join(CheckpointsFolder, "mine.npz")}
	for _, name := range files {
		if err := os.WriteFile(d.Path(name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, _, release, err = OpenCell(path, true)
	if err != nil {
		t.Fatal(err)
	}
	release()
	for i, name := range files {
		if _, err := os.Stat(d.Path(name)); (err == nil) != (i >= 4) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
