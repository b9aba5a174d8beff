package rundir

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each directory that a run cannot have is refused with the one thing that helps,
// whether --force is given or not.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		files       string // there; a / at the end makes a folder
		plain, anew string // what is said without and with force; empty: it is used
		forbidden   string // advice that would not hold
		path        string // of the run, if it is not the folder itself
	}{
		"empty":            {},
		"finished run":     {files: "meta.json summary.json notes.txt"},
		"unfinished run":   {files: "meta.json metrics.jsonl"},
		"killed claim":     {files: "claim.0123456789abcdef.part meta.json.0123456789abcdef.part"},
		"full disk":        {files: "checkpoints/ meta.json.part"}, // it could not begin: nothing of anybody's is there
		"killed at once":   {files: "checkpoints/"},
		"half of others'":  {files: "checkpoints/ thesis.part", plain: "choose another out.dir", anew: "choose another out.dir", forbidden: "with --force"},
		"files of others":  {files: "a b c d", plain: "choose another out.dir", anew: "choose another out.dir", forbidden: "with --force"},
		"hidden file":      {files: ".git/", plain: "(it has .git, and no meta.json)", anew: "choose another out.dir", forbidden: "with --force"},
		"a benchmark's":    {files: "bench.json cells/ figures/", plain: "choose another out.dir", anew: "choose another out.dir", forbidden: "with --force"},
		"a config alone":   {files: "config.yaml", plain: "choose another out.dir", anew: "choose another out.dir", forbidden: "with --force"},
		"a file":           {files: "x", path: "x", plain: "x is a file and no directory; choose another out.dir", anew: "choose another out.dir"},
		"below a file":     {files: "x", path: "x/y/z", plain: "x is a file and no directory; choose another out.dir", anew: "choose another out.dir"},
		"folder of a file": {files: "meta.json checkpoints", plain: "choose another out.dir", anew: "checkpoints is a file and no directory; choose another out.dir"},
		"blanks":           {path: "a b\u00a0c"},
		"letters":          {path: "läuft/日本"},
		"too long":         {path: strings.Repeat("x", 300), plain: "choose another out.dir", anew: "choose another out.dir"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, force := range []bool{false, true} {
				folder := t.TempDir()
				for _, file := range strings.Fields(c.files) {
					var err error
					if made, ok := strings.CutSuffix(file, "/"); ok {
						err = os.Mkdir(filepath.Join(folder, made), 0o700)
					} else {
						text := "text"
						if file == SummaryFile {
							text = `{"status": "budget_spent"}`
						}
						err = os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				want := c.plain
				if force {
					want = c.anew
				}
				w, err := Open(filepath.Join(folder, c.path), force)
				if err == nil {
					err = w.Close()
				}
				if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("force %v: %v, want %q", force, err, want)
				}
				if err != nil && c.forbidden != "" && strings.Contains(err.Error(), c.forbidden) {
					t.Errorf("force %v: %v, advises what does not help", force, err)
				}
				left, err := os.ReadDir(folder)
				if err != nil || len(left) < len(strings.Fields(c.files)) && want != "" {
					t.Errorf("force %v: %v are left of %s, %v", force, left, c.files, err)
				}
			}
		})
	}
}

// Weights without a run beside them are somebody's.
func TestForeignWeights(t *testing.T) {
	folder := t.TempDir()
	weights := filepath.Join(folder, CheckpointsFolder, WeightsFile)
	if err := os.Mkdir(filepath.Dir(weights), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(weights, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, force := range []bool{false, true} {
		if _, err := Open(folder, force); err == nil || !strings.Contains(err.Error(), "choose another out.dir") {
			t.Errorf("force %v: %v", force, err)
		}
	}
}
