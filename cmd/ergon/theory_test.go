package main

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"ergon/configs"
	"ergon/theory"
	"ergon/train"
	"ergon/train/rundir"
)

// What theories say of a run is what its summary says under the same name, for a
// convolutional network, too, whose parameters count at each position for a digital
// machine and once for an analog one.
func TestTheoriesOfARunAgreeWithItsSummary(t *testing.T) {
	dir := rundir.Directory(filepath.Join(t.TempDir(), "run"))
	config, err := configs.Load("mnist", []string{
		"data={name: mixture, clusters: 3, inputs: 20, train: 40, test: 20}", "train.batch=8", "train.epochs=2",
		"model={kind: convnet, height: 4, width: 5, channels: [3], kernel: 2, pool: 2, hidden: [4]}", "engine.threads=1",
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := train.New(config)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	w, err := rundir.Open(string(dir), false)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := r.Train(context.Background(), train.NewRecorder(w)); err != nil {
		t.Fatal(err)
	}
	var summary struct {
		Energy struct {
			Bounds map[string]any `json:"bounds"`
		} `json:"energy"`
	}
	text, err := os.ReadFile(dir.Path(rundir.SummaryFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &summary); err != nil {
		t.Fatal(err)
	}
	bounds := predictOfRun(t, "bounds", string(dir))
	compared := 0
	for key, value := range bounds.Scalars {
		want, ok := summary.Energy.Bounds[key].(float64)
		if !ok {
			continue
		}
		compared++
		if !(math.Abs(theory.OrNaN(value)-want) <= 1e-12*want) {
			t.Errorf("theory bounds: %s is %g, in the summary %g", key, theory.OrNaN(value), want)
		}
	}
	if compared < len(bounds.Scalars)-1 { // all but landauer_bit may be null
		t.Errorf("%d of %d scalars are in the summary", compared, len(bounds.Scalars))
	}
	ladder := predictOfRun(t, "ladder", string(dir))
	for i, label := range ladder.Labels {
		for rung, key := range map[string]string{
			"training: digital bound (Eq. 17)": "digital_training", "training: analog bound (Eq. 16)": "analog_training",
			"training: erasure of the weights written (Landauer)": "erasure",
			"inference: digital bound":                            "digital_inference", "inference: dynamic analog bound (Eq. 5)": "dynamic_inference",
		} {
			if want := summary.Energy.Bounds[key].(float64); label == rung && math.Abs(ladder.Rows[i][0]-want) > 1e-12*want {
				t.Errorf("theory ladder: %s is %g, in the summary %g", label, ladder.Rows[i][0], want)
			}
		}
	}
}

// predictOfRun computes a theory of a run.
func predictOfRun(t *testing.T, name, run string) *theory.Result {
	t.Helper()
	made, err := theory.New(name, []string{"run=" + run})
	if err != nil {
		t.Fatal(err)
	}
	r, err := theory.Predict(context.Background(), made)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every theory in the tree is imported, hence known to the program, and its tests call
// the suite that all theories have to pass.
func TestEveryTheoryIsImportedAndConforms(t *testing.T) {
	files, err := filepath.Glob("../../theory/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	registration := regexp.MustCompile(`theory\.Theories\.Register\("([\w-]+)"`)
	suite := regexp.MustCompile(`theorytest\.Conform\(t, "([\w-]+)"`)
	registered, conforming := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range registration.FindAllSubmatch(text, -1) {
			registered[string(match[1])] = true
		}
		for _, match := range suite.FindAllSubmatch(text, -1) {
			conforming[string(match[1])] = true
		}
	}
	for name := range registered {
		if _, known := theory.Theories.New(name); !known {
			t.Errorf("theory %s is not imported by the program: add its package to the imports of cmd/ergon/theory.go", name)
		}
	}
	for _, kind := range theory.Theories.Kinds() {
		if !registered[kind.Name] {
			t.Errorf("theory %s: found no file that registers it", kind.Name)
		}
		if !conforming[kind.Name] {
			t.Errorf("theory %s: no test calls theorytest.Conform", kind.Name)
		}
	}
}
