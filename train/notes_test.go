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
