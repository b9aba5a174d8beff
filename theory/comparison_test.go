package theory

import (
	"context"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func TestCompared(t *testing.T) {
	result := Table([][]Quantity{
		{Value("tau", 1), {"work", 4, []Simulation{{"simulated", Estimate{5, 0.5}}}}},
		{Value("tau", 2), {"work", 2, []Simulation{{"simulated", Estimate{1, 0.4}}}}},
	})
	if want := []string{"tau", "work", "work_simulated", "work_simulated_error", "work_simulated_z"}; !reflect.DeepEqual(result.Columns, want) {
		t.Errorf("columns %v, want %v", result.Columns, want)
	}
	if want := [][]float64{{1, 4, 5, 0.5, 2}, {2, 2, 1, 0.4, -2.5}}; !reflect.DeepEqual(result.Rows, want) {
		t.Errorf("rows %v, want %v", result.Rows, want)
	}
	near(t, "worst_z", *result.Scalars["worst_z"], 2.5, 1e-15)
	near(t, "comparisons", *result.Scalars["comparisons"], 2, 0)
}

// simulated are the theories that bring simulations, each with settings that
// make it quick.
var simulated = map[string][]string{
	"freeenergy":   {"simulate=2000", "nets=2"},
	"ramp":         {"simulate=2000"},
	"langevin":     {"n=5", "lr=0.05", "simulate=4", "steps=500", "p=0.5"},
	"optimum":      {"steps=2", "paths=200", "grid=2", "d=100", "simulate=2"},
	"ridge":        {"d=20", "simulate=3", "steps=8", "p=0.5", "s=0.3"},
	"mixture":      {"steps=5", "paths=1000", "d=50", "simulate=4", "b=0.5", "clip=0.3"},
	"online":       {"n=50", "simulate=3", "time=2", "points=4", "p=0.5", "kappa=1"},
	"twolayer":     {"mask=element", "sigma=0.1", "time=1", "points=3", "n=40", "simulate=3"},
	"pathintegral": {"run=testdata/pathintegral", "at=[0,30]", "window=[1,10]", "simulate=8", "tangents=2"},
}

// Without simulations there are the predictions, the same ones, and nothing else.
func TestPredictionAlone(t *testing.T) {
	for name, settings := range simulated {
		both, alone := computed(t, name, settings...), computed(t, name, append(settings, "simulate=0")...)
		for c, column := range both.Columns {
			at := indexOf(alone.Columns, column)
			if isSimulated := strings.Contains(column, "_simulated") || strings.Contains(column, "_ancestral") ||
				strings.Contains(column, "_langevin") || strings.Contains(column, "_importance"); isSimulated != (at < 0) {
				t.Errorf("%s: column %s without simulations: at %d", name, column, at)
			}
			for r := range both.Rows {
				if at >= 0 && both.Rows[r][c] != alone.Rows[r][at] {
					t.Errorf("%s: %s of row %d is %v with simulations, %v without", name, column, r, both.Rows[r][c], alone.Rows[r][at])
				}
			}
		}
		if alone.Scalars["worst_z"] != nil {
			t.Errorf("%s: worst_z without simulations", name)
		}
	}
}

func indexOf(list []string, name string) int {
	for i, other := range list {
		if other == name {
			return i
		}
	}
	return -1
}

// A prediction is the same bits on any number of cores, and another with another seed.
func TestSimulationsRepeat(t *testing.T) {
	for name, settings := range simulated {
		first := computed(t, name, settings...)
		cores := runtime.GOMAXPROCS(1)
		second := computed(t, name, settings...)
		runtime.GOMAXPROCS(cores)
		other := computed(t, name, append(settings, "seed=1")...)
		if !reflect.DeepEqual(text(t, first), text(t, second)) {
			t.Errorf("%s: another result on one core", name)
		}
		if reflect.DeepEqual(text(t, first), text(t, other)) {
			t.Errorf("%s: the same result with another seed", name)
		}
	}
}

// text is a result as it is printed: NaN equals NaN.
func text(t *testing.T, r *Result) string {
	t.Helper()
	var b strings.Builder
	if err := r.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSimulationsStop(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	for name, settings := range simulated {
		theory, err := New(name, settings)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := theory.Predict(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v after its end, want %v", name, err, context.Canceled)
		}
	}
}

// What cannot be computed is an error that names the setting.
func TestSettingsThatCannotBeComputed(t *testing.T) {
	for settings, want := range map[string]string{
		"langevin lr=0.04":                    "lr: learning diverges at 0.04; give less than 2/(1+(n+1)/batch) = 0.0384615",
		"langevin lr=1e-12":                   "lr: a course takes 5e+12 steps to forget its start; give a larger one, or simulate=0",
		"langevin ratio=[]":                   "ratio: no temperature; give one or more",
		"langevin rat=[1]":                    `did you mean "ratio"?`,
		"mixture tau=0.1":                     "tau: τ = 0.1 is too short for the learning rate 0.2 of step 0; want at least 0.2, or 0 for",
		"mixture paths=1000000000000":         "paths: 1000000000000 is outside",
		"mixture paths=10000000":              "paths: 10000000 paths of 50 steps take",
		"mixture d=1000000 simulate=1":        "d: the examples of 1000000 weights take",
		"mixture loss=hinge":                  `loss: "hinge" is not one of logistic, square, squared_hinge`,
		"ramp tau=[]":                         "tau: no duration of the ramp; give one or more",
		"ramp tau=[1,0]":                      "tau[1]: 0 is outside (0,inf)",
		"ramp temprature=2":                   `did you mean "temperature"?`,
		"freeenergy layers=[3]":               "layers: no layer after the inputs; give two numbers or more",
		"freeenergy stiffness=[1,2,3]":        "stiffness: 3 numbers for 2 layers after the inputs; give one for each, or one for all",
		"freeenergy simulate=100000000000000": "is outside [0,10000000]",
	} {
		words := strings.Fields(settings)
		if _, err := New(words[0], words[1:]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", settings, err, want)
		}
	}
}
