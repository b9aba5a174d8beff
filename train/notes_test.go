package train

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/datasets"
)

// Files may be sorted by class. What that does to the examples held out, the last ones, is
// said; of what is usual there is no word.
func TestNotes(t *testing.T) {
	dir := t.TempDir()
	for name, labels := range map[string][]byte{"train": {2, 0, 1, 0, 0, 1, 1, 2, 2}, "t10k": {0, 1, 2}} {
		n := len(labels)
		for file, content := range map[string]*datasets.IDX{
			"-images-idx3-ubyte": {Dims: []int{n, 1, 1}, Data: labels}, "-labels-idx1-ubyte": {Dims: []int{n}, Data: labels},
		} {
			var b bytes.Buffer
			if err := datasets.WriteIDX(&b, content); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+file), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for setting, want := range map[string][]string{
		"data.validation=0":                nil,
		"data.validation=8":                {"all training examples of class 0 are held out for validation: nothing is learned of it; are the files sorted by class?", "all training examples of class 1 are held out for validation: nothing is learned of it; are the files sorted by class?"},
		"data.validation=5":                nil,
		"data.validation=4":                {"none of the 4 training examples held out for validation has class 0"},
		"data.validation=2":                {"none of the 2 training examples held out for validation has class 0 or 1"},
		"data.train=4 data.validation=1":   {"none of the 1 training examples held out for validation has class 1 or 2"},
		"data.classes=5 data.validation=1": {"none of the 1 training examples held out for validation has class 0, 1, 3 or 4"},
	} {
		r := begin(t, load(t, "data: {name: idx, dir: "+dir+"}\nengine: {blas: gonum}\n", strings.Fields(setting)...))
		if diff := cmp.Diff(want, r.Notes()); diff != "" {
			t.Errorf("%s: %s", setting, diff)
		}
	}
}

// What a rule does to weights that its devices cannot hold, and goals that no run of so few
// evaluations can reach, are said.
func TestNotesOfTheRule(t *testing.T) {
	for settings, want := range map[string]string{
		"rule.optimizer={kind: pulsed, bound: 2}":                   "",
		"rule.optimizer={kind: pulsed, bound: 1e-9}":                "begin beyond rule.optimizer.bound, 1e-09",
		"rule.optimizer={kind: manhattan, bound: 1e-9}":             "begin beyond rule.optimizer.bound, 1e-09",
		"rule.optimizer=manhattan":                                  "",
		"train.crossing=sustained; train.sustain=1000":              "train.sustain = 1000 evaluations",
		"train.crossing=sustained; train.sustain=2":                 "",
		"train.crossing=sustained; train.sustain=1; train.epochs=1": "",
	} {
		r := begin(t, load(t, tiny, strings.Split(settings, "; ")...))
		if notes := strings.Join(r.Notes(), "\n"); want == "" && notes != "" || !strings.Contains(notes, want) {
			t.Errorf("%s: %q, want %q", settings, notes, want)
		}
	}
}

// As many evaluations are foreseen as are made.
func TestEvaluationsAreForeseen(t *testing.T) {
	for _, settings := range []string{"train.eval_every=0", "train.eval_every=7", "train.eval_every=100000", "train.eval_every=0; train.eval_presentations=50", "train.eval_every=3; train.max_presentations=100",
		"train.eval_every=0; train.eval_presentations=3", "train.eval_every=0; train.eval_presentations=100; train.max_presentations=97",
		"train.eval_every=0; train.eval_presentations=100; train.max_presentations=98; train.batch=64", "train.eval_every=0; train.eval_presentations=95; train.max_presentations=90; train.batch=64",
	} {
		c := load(t, tiny, strings.Split(settings, "; ")...)
		_, lines := record(t, c)
		if got, want := begin(t, c).evaluations(), strings.Count(lines, `"test_loss"`); got != want {
			t.Errorf("%s: %d foreseen, %d made", settings, got, want)
		}
	}
}
