package ladder

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// The ladder of a run that learned from nothing can be drawn.
func TestLadderWithoutPresentations(t *testing.T) {
	made := theorytest.New[*Ladder](t, "ladder", "run="+theorytest.RunDirectory(t, strings.Replace(theorytest.Summary, `"presentations": 1000`, `"presentations": 0`, 1)))
	r := theorytest.PredictionOf(t, made)
	if err := theory.Draw(made, r, filepath.Join(t.TempDir(), "ladder.svg")); err != nil {
		t.Error(err)
	}
}

// A ladder has a rung for the meter, for each price table and for each bound;
// what is unknown has no joules, and the figure can be drawn.
func TestLadder(t *testing.T) {
	made := theorytest.New[*Ladder](t, "ladder", "run="+theorytest.RunDirectory(t, theorytest.Summary))
	r := theorytest.PredictionOf(t, made)
	want := map[string]float64{
		"training: measured, rapl": 50,
		"training: modelled, a":    6.5, "training: modelled, learning alone, a": 6,
		"training: modelled, b": math.NaN(), "training: modelled, learning alone, b": 6,
		"training: modelled, c": math.NaN(), "training: modelled, learning alone, c": math.NaN(),
		"training: erasure of the weights written (Landauer)": 1e-18, "inference: quasi-static bound (Eq. 7)": 0,
	}
	for i, label := range r.Labels {
		if joules, ok := want[label]; ok {
			if got := r.Rows[i][0]; got != joules && !(math.IsNaN(got) && math.IsNaN(joules)) {
				t.Errorf("%s: %g J, want %g", label, got, joules)
			}
			delete(want, label)
		}
	}
	if len(want) > 0 {
		t.Errorf("rungs %q lack %v", r.Labels, want)
	}
	for _, note := range []string{
		"b: maintenance is unknown: leakage has no price", "c: backward is unknown: the run does not say why", "d counts events, not joules, and has no rung",
	} {
		if !slices.Contains(r.Notes, note) {
			t.Errorf("notes %q lack %q", r.Notes, note)
		}
	}
	for name, magic := range map[string]string{"ladder.png": "\x89PNG", "ladder.svg": "<?xml", "ladder.pdf": "%PDF-"} {
		path := filepath.Join(t.TempDir(), name)
		if err := theory.Draw(made, r, path); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), magic) {
			t.Errorf("%s begins with %.8q, %v", name, text, err)
		}
	}
	if err := theory.Draw(made, r, "ladder.jpg"); err == nil {
		t.Error("a figure is written as jpg")
	}
}

func TestLadderConforms(t *testing.T) {
	theorytest.Conform(t, "ladder", "run="+theorytest.RunDirectory(t, theorytest.Summary))
}
