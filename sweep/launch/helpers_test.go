package launch

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/configs"
	"ergon/sweep"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// small is a benchmark of a few milliseconds a run.
const small = `# two rules on two clusters
name: small
base: mixture
set:
  data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}
  train.batch: 10
  train.eval_every: 2
  engine.blas: gonum
rules:
  - {label: full, set: {rule.mask: full}}
  - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}
seeds: 3
goals: [0.6, 0.7]
budget: 400
figures: false
`

// create lists the cells of a benchmark in a new folder.
func create(t *testing.T, text string) *Sweep {
	t.Helper()
	s, err := Create(filepath.Join(t.TempDir(), "out"), parse(t, text), nil, false, noNotes(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t testing.TB, text string) *sweep.Bench {
	t.Helper()
	b, err := sweep.Parse([]byte(text), "test.yaml", "test", false)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// noNotes fails the test on any remark.
func noNotes(t *testing.T) func(string) {
	return func(text string) { t.Errorf("note: %s", text) }
}

// worked runs all packs of a sweep, one after the other, from the last to the first.
func worked(t *testing.T, s *Sweep) (all Worked) {
	t.Helper()
	for i := s.Packs() - 1; i >= 0; i-- {
		w, err := s.Work(context.Background(), i, 1, Watch{})
		if err != nil {
			t.Fatal(err)
		}
		all.Cells, all.Done, all.Failed = all.Cells+w.Cells, all.Done+w.Done, all.Failed+w.Failed
	}
	return all
}

// status is the sweep's.
func status(t *testing.T, s *Sweep) *Status {
	t.Helper()
	st, err := s.Status(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./sweep/launch -update writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-golden +now), -update accepts it:\n%s", name, diff)
	}
}

// replaced is text with one part in place of another that it must hold.
func replaced(t *testing.T, text, old, by string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("no %q in %s", old, text)
	}
	return strings.Replace(text, old, by, 1)
}

// launched is a sweep of as many cells in a folder of the given name, none of which exists.
func launched(folder, name string, cells int, l configs.Launch) *Sweep {
	return &Sweep{
		Folder: folder, cells: make([]sweep.Cell, cells),
		list: &list{Bench: &sweep.Bench{Name: name}, Launch: l, Pack: max(1, l.Pack), Directory: "/home/me/my project"},
	}
}
