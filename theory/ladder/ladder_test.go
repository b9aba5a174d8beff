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
	const kT = 1.380649e-23 * 100 // of the summary
	want := map[string]float64{
		"training: measured, rapl": 50,
		"training: modelled, a":    6.5, "training: modelled, learning alone, a": 6,
		"training: modelled, b": math.NaN(), "training: modelled, learning alone, b": 6,
		"training: modelled, c": math.NaN(), "training: modelled, learning alone, c": math.NaN(),
		"training: erasure of the weights written (Landauer)": 1e-18, "inference: quasi-static bound (Eq. 7)": 0,
		"training: work dissipated, at kT* = kT (Eq. 15)": 30_000 * kT, "training: speed limit of the way, at kT* = kT": 7500 * kT,
		"training: information learned (Goldt & Seifert)": 2000 * kT,
	}
	for i, label := range r.Labels {
		if joules, ok := want[label]; ok {
			if got := r.Rows[i][0]; math.Abs(got-joules) > 1e-12*joules && !(math.IsNaN(got) && math.IsNaN(joules)) {
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

// What a run did not measure has an empty rung, and the reason in a note.
func TestLadderOfUnknownLearning(t *testing.T) {
	summary := strings.Replace(theorytest.Summary, `"speed_efficiency": 0.25`, `"speed_efficiency": null, "speed_efficiency_not_known": "of noise"`, 1)
	summary = strings.Replace(summary, `"information": 2`, `"information": null`, 1)
	summary = strings.Replace(summary, `"work": {"dissipated": 30}`, `"work": null, "work_not_measured": "on a GPU"`, 1)
	r := theorytest.Predict(t, "ladder", "run="+theorytest.RunDirectory(t, summary))
	for _, note := range []string{"speed limit: of noise", "information: the run does not say why it is unknown", "work dissipated: on a GPU"} {
		if !slices.Contains(r.Notes, note) {
			t.Errorf("notes %q lack %q", r.Notes, note)
		}
	}
	for i, label := range r.Labels {
		if unknown := strings.Contains(label, "speed limit") || strings.Contains(label, "information") || strings.Contains(label, "work dissipated"); unknown && !math.IsNaN(r.Rows[i][0]) {
			t.Errorf("%s is %v", label, r.Rows[i][0])
		}
	}
}

func TestLadderConforms(t *testing.T) {
	theorytest.Conform(t, "ladder", "run="+theorytest.RunDirectory(t, theorytest.Summary))
}
