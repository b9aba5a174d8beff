package train

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ergon/internal/npz"
	"ergon/train/rundir"
)

// dreams are settings of a small machine that evaluates often.
var dreams = []string{"data={name: bars_and_stripes, side: 5}", "model={kind: rbm, hidden: 9}", "train.batch=8", "train.eval_every=2", "train.epochs=0", "train.max_steps=52"}

// Frames are those of the evaluations whose numbers are multiples of the least power of 2 with
// which they fit.
func TestFrames(t *testing.T) {
	const chains, width, most = 2, 3, 200
	f := newFrames(chains, width)
	means := make([]float32, 5*width) // more chains than are kept
	for e := range most {
		for i := range means {
			means[i] = float32(100*e + i)
		}
		f.add(means, 7*(e+1))
		every := 1
		for e/every >= framesKept {
			every *= 2
		}
		if want := e/every + 1; len(f.steps) != want {
			t.Fatalf("%d frames of %d evaluations, want %d", len(f.steps), e+1, want)
		}
		for k, step := range f.steps {
			if want := 7 * (k*every + 1); step != want {
				t.Fatalf("after %d evaluations frame %d is of step %d, want %d", e+1, k, step, want)
			}
			for i, x := range f.means[k*f.size() : (k+1)*f.size()] {
				if want := float32(100*k*every + i); x != want {
					t.Fatalf("frame %d has %g at %d, want %g", k, x, i, want)
				}
			}
		}
	}
}

// dreamt trains a config in a folder, in parts that end at the given steps, and returns what it
// left of chains and metrics.
func dreamt(t *testing.T, settings []string, ends ...int) (chains []byte, metrics []rundir.Metrics) {
	t.Helper()
	d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	for part := range len(ends) + 1 {
		r := begin(t, load(t, tiny, settings...))
		if part > 0 {
			if from, _, err := r.Continue(d); err != nil || from != ends[part-1] {
				t.Fatalf("goes on from step %d, %v; want %d", from, err, ends[part-1])
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		at := -1
		if part < len(ends) {
			at = ends[part]
		}
		if _, err := r.Train(ctx, NewRecorder(d), &stopAt{step: at, stop: stop}); err != nil {
			t.Fatal(err)
		}
		stop()
	}
	if chains, err = os.ReadFile(d.Path(rundir.ChainsFile)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(d.Path(rundir.MetricsFile))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var m rundir.Metrics
		if err := json.Unmarshal(line, &m); err != nil {
			t.Fatal(err)
		}
		metrics = append(metrics, m)
	}
	return chains, metrics
}

// A run that was stopped leaves the same chains as one that was not, wherever the chains come
// from, also if it was stopped before an evaluation that was due, which is then made later.
func TestChainsOfResumedRuns(t *testing.T) {
	for _, negative := range []string{"pcd", "cd", "rdm"} {
		settings := append(slices.Clone(dreams), "model.negative="+negative)
		whole, evaluations := dreamt(t, settings)
		for _, ends := range [][]int{{1, 44}, {2, 51}} {
			if got, _ := dreamt(t, settings, ends...); !bytes.Equal(got, whole) {
				t.Errorf("%s: stopped at %d the chains are others", negative, ends)
			}
		}
		arrays, err := npz.Read(whole)
		if err != nil {
			t.Fatal(err)
		}
		const width, chains = 25, 8 // as many as presentations of a step
		for name, want := range map[string][]int{"steps": {13}, "frames": {13, chains, width}, "states": {chains, width}, "means": {chains, width}} {
			if got := arrays[name].Shape; !slices.Equal(got, want) {
				t.Errorf("%s: %s has the shape %d, want %d", negative, name, got, want)
			}
		}
		for k, step := range arrays["steps"].Data { // 26 evaluations: every second
			if want := float64(2 + 4*k); step != want || evaluations[2*k].Step != int(want) {
				t.Errorf("%s: frame %d is of step %g, want %g", negative, k, step, want)
			}
		}
	}
}

// The last frame is what the chains are at the end, if an evaluation was kept there.
func TestLastFrameIsTheEnd(t *testing.T) {
	text, _ := dreamt(t, append(slices.Clone(dreams), "train.max_steps=6"))
	arrays, err := npz.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	frames, means := arrays["frames"].Data, arrays["means"].Data
	if last := frames[len(frames)-len(means):]; !slices.Equal(last, means) {
		t.Errorf("the last frame\n%v\nis not the end\n%v", last, means)
	}
	for i, x := range arrays["states"].Data {
		if p := means[i]; x != 0 && x != 1 || p < 0 || p > 1 {
			t.Fatalf("unit %d is %g with the mean %g", i, x, p)
		}
	}
}

// A machine that enumerates has no chains, and other networks neither; singular values are of
// all Boltzmann machines.
func TestWhoHasChains(t *testing.T) {
	for model, want := range map[string]struct{ chains, spectrum bool }{
		"{kind: mlp, hidden: [9]}":                {},
		"{kind: rbm, hidden: 9}":                  {true, true},
		"{kind: rbm, hidden: 9, negative: exact}": {false, true},
	} {
		d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
		if err != nil {
			t.Fatal(err)
		}
		kept, data := &keep{}, "data.inputs=10"
		if want.spectrum {
			data = "data={name: bars_and_stripes, side: 3}"
		}
		if _, err := begin(t, load(t, tiny, data, "train.epochs=1", "model="+model)).Train(t.Context(), NewRecorder(d), kept); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(d.Path(rundir.ChainsFile)); (err == nil) != want.chains {
			t.Errorf("%s: %v", model, err)
		}
		for _, m := range kept.metrics {
			if m.Boltzmann == nil {
				if want.spectrum {
					t.Errorf("%s: nothing is said of the machine", model)
				}
			} else if s := m.Boltzmann.Spectrum; !want.spectrum || len(s.SingularValues) != 9 || s.Stability == nil || !slices.IsSortedFunc(s.SingularValues, falling) {
				t.Errorf("%s: the spectrum is %+v", model, s)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func falling(x, y float64) int {
	switch {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	return 0
}

// Of many singular values the first ten are told.
func TestFirstSingularValues(t *testing.T) {
	for hidden, want := range map[int]int{32: 32, 33: 10} {
		r := begin(t, load(t, tiny, "data.inputs=40", fmt.Sprintf("model={kind: rbm, hidden: %d, visible: gaussian}", hidden)))
		if s := r.boltzmann.spectrum(); len(s.SingularValues) != want {
			t.Errorf("%d hidden units: %d singular values, want %d", hidden, len(s.SingularValues), want)
		}
	}
}

// What has diverged can be looked at.
func TestChainsOfDivergedWeights(t *testing.T) {
	d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s, err := begin(t, load(t, tiny, append(slices.Clone(dreams), "rule.optimizer.lr=1e38", "rule.clip=none")...)).Train(t.Context(), NewRecorder(d))
	if err != nil || s.Status != rundir.StatusDiverged {
		t.Fatalf("%v, %v; want a run that diverges", s.Status, err)
	}
	text, err := os.ReadFile(d.Path(rundir.ChainsFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := npz.Read(text); err != nil {
		t.Error(err)
	}
}
