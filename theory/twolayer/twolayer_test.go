package twolayer

import (
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// twoLayerOf returns the theory with settings.
func twoLayerOf(t *testing.T, settings ...string) *TwoLayer {
	t.Helper()
	return theorytest.New[*TwoLayer](t, "twolayer", settings...)
}

// cell is the number in a column at a time.
func atTime(t *testing.T, r *theory.Result, at float64, name string) float64 {
	t.Helper()
	column := slices.Index(r.Columns, name)
	for _, row := range r.Rows {
		if row[0] == at && column >= 0 {
			return row[column]
		}
	}
	t.Fatalf("no %s at t = %g", name, at)
	return 0
}

// The command's defaults are the reference lines of the equations' own test.
func TestTwoLayerReference(t *testing.T) {
	for mask, want := range map[string][]float64{
		"none":    {0.285237, 0.0357721, 0.0275107, 0.0163546, 0.00204861, 1.376e-5},
		"element": {0.285237, 0.0372355, 0.025199, 0.0236485, 0.0203191, 0.00814619},
		"column":  {0.285237, 0.0673045, 0.0358108, 0.0275113, 0.0163539, 0.00204964},
	} {
		r := theorytest.Predict(t, "twolayer", "mask="+mask)
		for i, at := range []float64{0, 5, 10, 20, 40, 80} {
			theorytest.Near(t, mask, atTime(t, r, at, "eps_g"), want[i], 4e-4)
			if mask == "element" {
				theorytest.Near(t, "shared mask", atTime(t, r, at, "eps_g_column"), atTime(t, theorytest.Predict(t, "twolayer", "mask=column"), at, "eps_g"), 0)
			}
		}
	}
}

// Rows and elements are the same to the last bit; a mask that all share is slower
// time, and one that is rescaled as well a larger rate in it.
func TestTwoLayerMasks(t *testing.T) {
	eps := func(settings ...string) (values []float64) {
		settings = append(settings, "time=20", "points=20", "sigma=0.1", "integrator=rk4", "dt=0.05")
		for _, row := range theorytest.Predict(t, "twolayer", settings...).Rows {
			values = append(values, row[1])
		}
		return values
	}
	if row, element := eps("mask=row"), eps("mask=element"); !reflect.DeepEqual(row, element) {
		t.Errorf("row %v, element %v", row, element)
	}
	free, shared, rescaled := eps("mask=none"), eps("mask=column"), eps("mask=column", "rescale=true", "p=0.8")
	for i := range free {
		if i%2 == 0 {
			theorytest.Near(t, "column(t), none(t/2)", shared[i], free[i/2], 1e-5)
		}
	}
	faster := eps("mask=none", "eta=1.875") // 1.5/0.8, at 0.8 of the speed
	theorytest.Near(t, "column rescaled, t = 5", rescaled[5], faster[4], 1e-5)
	theorytest.Near(t, "column rescaled, t = 20", rescaled[20], faster[16], 1e-5)
}

// Simulations of all masks agree with the prediction. With that of a p that is wrong
// by a tenth, or of a mask that all units share where they do not, they do not.
func TestTwoLayerSimulations(t *testing.T) {
	ctx, nothing := context.Background(), func() {}
	for mask, settings := range map[string][]string{
		"element": nil, "row": {"rescale=true", "eta=1"}, "column": {"eta_v=0.5", "weight_decay=0.1"},
		"dropout": {"p=0.8", "k=3", "q=[[.3,.05,0],[.05,.3,.02],[0,.02,.3]]", "r=[[.3,.05],[.05,.3],[.1,-.1]]"},
	} {
		settings = append([]string{"mask=" + mask, "sigma=0.1", "time=3", "points=3", "n=600", "simulate=20"}, settings...)
		right := twoLayerOf(t, settings...)
		start, err := right.start()
		if err != nil {
			t.Fatal(err)
		}
		trajectories, err := right.simulate(ctx, start, nothing)
		if err != nil {
			t.Fatal(err)
		}
		chance := func(mask string, p float64) float64 {
			w := *right
			w.Mask, w.P = mask, p
			states, _, err := w.integrate(ctx, w.equations(), start.Clone(), nothing)
			if err != nil {
				t.Fatal(err)
			}
			return *theory.CurveTable("t", w.times(), w.curves(states, trajectories)...).Scalars["p_value"]
		}
		if p := chance(right.Mask, right.P); p < 0.02 {
			t.Errorf("%s: p_value %.3g", mask, p)
		}
		for _, wrong := range []float64{0.9, 1.1} {
			if p := chance(right.Mask, wrong*right.P); p > 1e-3 {
				t.Errorf("%s: p_value %.3g with p wrong by the factor %g", mask, p, wrong)
			}
		}
		if other := map[string]string{"element": "column", "row": "column", "column": "element"}[mask]; other != "" {
			if p := chance(other, right.P); p > 1e-3 {
				t.Errorf("%s: p_value %.3g if it is taken for %s", mask, p, other)
			}
		}
	}
}

// At N = 1000, as in the reference: means of simulations within 6 % of eps_g.
func TestTwoLayerThousandInputs(t *testing.T) {
	r := theorytest.Predict(t, "twolayer", "mask=element", "sigma=0.1", "time=20", "points=4", "n=1000", "simulate=3",
		"q=[.29,0,0,.29]", "r=[.2,0,0,.2]")
	for _, at := range []float64{5, 10, 20} {
		theorytest.Near(t, "mean simulated eps_g", atTime(t, r, at, "eps_g_simulated"), atTime(t, r, at, "eps_g"), 0.06)
	}
}

// The plateau of the reference with independent masks is flatter and lasts longer
// than that without; noise leaves a floor.
func TestTwoLayerScalars(t *testing.T) {
	free, half := theorytest.Predict(t, "twolayer").Scalars, theorytest.Predict(t, "twolayer", "mask=element").Scalars
	for name, want := range map[string][2]float64{
		"plateau": {0.0281212, 0.0240016}, "plateau_t": {9.34, 16.67}, "escape_t": {21.94, 67.7}, "floor": {0, 0}, "changed": {1, 0.5},
	} {
		theorytest.Near(t, name, *free[name], want[0], 1e-5)
		theorytest.Near(t, name+" masked", *half[name], want[1], 1e-5)
	}
	noisy := theorytest.Predict(t, "twolayer", "sigma=0.1", "points=1", "time=1")
	theorytest.Near(t, "floor", *noisy.Scalars["floor"], 0.00742005, 1e-6)
	if noisy.Scalars["plateau"] != nil || noisy.Scalars["escape_t"] != nil {
		t.Error("a plateau in one unit of time")
	}
	for _, unknown := range []string{"k=1", "a=[1,2]", "mask=dropout", "weight_decay=0.1"} {
		if f := theorytest.Predict(t, "twolayer", unknown, "points=1", "time=1", "sigma=0.1").Scalars["floor"]; f != nil {
			t.Errorf("%s: floor %g, want none", unknown, *f)
		}
	}
}

// What rises to the floor and stays there, but for rounding, is no plateau.
func TestTwoLayerFloorIsNoPlateau(t *testing.T) {
	r := theorytest.Predict(t, "twolayer", "sigma=0.1", "q=[1,0,0,1]", "r=[1,0,0,1]", "points=1", "time=1000", "integrator=rk4", "dt=0.1").Scalars
	theorytest.Near(t, "eps_g", *r["eps_g"], *r["floor"], 1e-7)
	if r["plateau"] != nil {
		t.Errorf("plateau %g at %g", *r["plateau"], *r["plateau_t"])
	}
}

// A start is given, flat or in rows, or drawn; the result says what it was.
func TestTwoLayerStart(t *testing.T) {
	quick := []string{"time=1", "points=1"}
	start := func(settings ...string) string {
		text, err := json.Marshal(theorytest.Predict(t, "twolayer", append(settings, quick...)...).Params)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if got := start("q=[1,.5,.5,1]", "r=[[.1,.2],[.3,.4]]"); !strings.Contains(got, `"q":[[1,0.5],[0.5,1]],"r":[[0.1,0.2],[0.3,0.4]]`) {
		t.Errorf("params %s", got)
	}
	if got := start("k=1", "q=1", "r=[.1,.2]"); !strings.Contains(got, `"q":[[1]],"r":[[0.1,0.2]]`) {
		t.Errorf("params %s", got)
	}
	if start("q=[]", "r=[]") == start("q=[]", "r=[]", "seed=1") {
		t.Error("another seed, the same random start")
	}
	r := theorytest.Predict(t, "twolayer", append(quick, "k=3", "m=10")...)
	theorytest.Near(t, "Q", atTime(t, r, 0, "q3_3"), 0.25, 0.25)
	if r := atTime(t, r, 0, "r3_10"); r == 0 || math.Abs(r) > 0.1 {
		t.Errorf("R is %g, want about 1/2/√500", r)
	}
}

func TestTwoLayerFigure(t *testing.T) {
	for _, mask := range []string{"none", "element"} {
		w := twoLayerOf(t, "mask="+mask, "time=2", "points=4", "n=50", "simulate=3", "sigma=0.1")
		r := theorytest.PredictionOf(t, w)
		figure, err := w.Draw(r)
		if err != nil || len(figure) != 4 {
			t.Errorf("%d panels, %v", len(figure), err)
		}
		if err := theory.Draw(w, r, filepath.Join(t.TempDir(), "figure.svg")); err != nil {
			t.Error(err)
		}
	}
}

// What cannot be computed is an error that says what can.
func TestTwoLayerRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"q=[[1,0],[x,1]]":     "q[1][0]: want a number",
		"q=[[1,0]]":           "q: 1 rows, want 2 of 2 numbers",
		"q=[[1,0],[0,1,2]]":   "q: row 1 has 3 numbers, want 2",
		"k=3 q=[[1,0],[0,1]]": "q: 2 rows, want 3 of 3 numbers",
		"q=[]":                "q: 0 rows",
		"r=[]":                "r: 0 rows",
		"q=[[1,.1],[.2,1]]":   "q: is not symmetric: q[0][1] = 0.1, q[1][0] = 0.2",
		"q=[[.01,0],[0,.01]]": "q: no weights have the overlaps q and r: the matrix [q r; rᵀ 1] has the eigenvalue -0.0495",
		"activation=relu q=[0,0,0,.25] r=[0,0,0,0]": "q: q[0][0] = 0: a unit of relu without weights never learns",
		"v=[1]":                          "v: 1 numbers for k=2 units",
		"a=[1,2,3]":                      "a: 3 numbers for m=2 units",
		"dt=1e-9":                        "dt: 8e+10 steps of the integration",
		"simulate=2 n=10000000 time=200": "time: 2e+09 steps of a simulation",
		"simulate=2 n=3":                 "n: 3 inputs, and k+m=4 units want as many",
		"simulate=100000 points=100000":  "GiB of memory, more than 4",
		"p=0":                            "p: 0 is outside (0,1]",
		"mask=rows":                      `mask: "rows" is not one of none, element, row, column, dropout, top_neuron, top_layer, threshold; did you mean "row"?`,
	} {
		theorytest.Refused(t, "twolayer", settings, want)
	}
	w := twoLayerOf(t, "activation=relu", "eta=8")
	if _, err := theory.Predict(context.Background(), w); err == nil || !strings.Contains(err.Error(), "learning diverges before t = ") {
		t.Errorf("error %v", err)
	}
}

func TestTwoLayerConforms(t *testing.T) {
	theorytest.Conform(t, "twolayer", "mask=element", "sigma=0.1", "time=1", "points=3", "n=40", "simulate=3")
}
