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
	if _, _, err := Create(path, true); err == nil || !strings.Contains(err.Error(), "not a run directory") {
		t.Errorf("error %v, want --force to leave alone what is no run's", err)
	}
	if err := os.WriteFile(filepath.Join(path, MetaFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(path, "notes.txt")
	if err := os.WriteFile(foreign, []byte("mine"), 0o600); err != nil {
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
