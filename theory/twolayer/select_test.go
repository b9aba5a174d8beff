package twolayer

import (
	"context"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// Simulations of masks that look at the step agree with the prediction. With that of a p or
// κ that is wrong by a tenth, or of another selection, they do not.
func TestSelections(t *testing.T) {
	ctx, nothing := context.Background(), func() {}
	for mask, settings := range map[string][]string{
		"top_neuron": {"p=0.1"}, "top_layer": {"p=0.1"}, "threshold": {"threshold=1"},
	} {
		settings = append([]string{"mask=" + mask, "sigma=0.1", "time=3", "points=3", "n=400", "simulate=20", "integrator=rk4", "dt=0.2", "cubature=4096"}, settings...)
		right := twoLayerOf(t, settings...)
		start, err := right.start()
		if err != nil {
			t.Fatal(err)
		}
		trajectories, err := right.simulate(ctx, start, nothing)
		if err != nil {
			t.Fatal(err)
		}
		chance := func(mask string, p, threshold float64) float64 {
			w := *right
			w.Mask, w.P, w.Threshold = mask, p, threshold
			states, _, err := w.integrate(ctx, w.equations(), start.Clone(), nothing)
			if err != nil {
				t.Fatal(err)
			}
			return *theory.CurveTable("t", w.times(), w.curves(states, trajectories)...).Scalars["p_value"]
		}
		if p := chance(mask, right.P, right.Threshold); p < 0.02 {
			t.Errorf("%s: p_value %.3g", mask, p)
		}
		for _, wrong := range []float64{0.9, 1.1} {
			if p := chance(mask, wrong*right.P, wrong*right.Threshold); p > 1e-3 {
				t.Errorf("%s: p_value %.3g with p or κ wrong by the factor %g", mask, p, wrong)
			}
		}
		if other := map[string]string{"top_neuron": "top_layer", "top_layer": "top_neuron"}[mask]; other != "" {
			if p := chance(other, right.P, right.Threshold); p > 1e-3 {
				t.Errorf("%s: p_value %.3g if it is taken for %s", mask, p, other)
			}
		}
	}
}

// Winners that all units share make time run A(c) times as fast: A = 0.43929 at p = 0.1. The
// floor of labels' noise stays.
func TestTopNeuronIsAClock(t *testing.T) {
	const a = 0.4392860642787852 // `ergon theory selection p=0.1`
	all := theorytest.Predict(t, "twolayer", "mask=none", "sigma=0.1", "time=10", "points=2", "integrator=rk4", "dt=0.05")
	few := twoLayerOf(t, "mask=top_neuron", "sigma=0.1", "p=0.1", "points=2", "integrator=rk4", "dt=0.05")
	few.Time = 10 / a
	r := theorytest.PredictionOf(t, few)
	for c, name := range all.Columns[1:] {
		theorytest.Near(t, name, r.Rows[2][c+1], all.Rows[2][c+1], 1e-6)
	}
	theorytest.Near(t, "M0", r.Rows[2][len(r.Columns)-1], 0.1*500*10/a, 1e-9)
	theorytest.NearScalar(t, r, "floor", *all.Scalars["floor"], 1e-6)
	theorytest.NearScalar(t, r, "changed", 0.1, 1e-12)
}

// What a selection does not know is refused by name.
func TestSelectionsRefuse(t *testing.T) {
	for settings, want := range map[string]string{
		"mask=top_neuron rescale=true":    "rescale: mask=top_neuron chooses the updates by size",
		"mask=top_layer eta_v=0.1":        "eta_v: with mask=top_layer the second layer stays",
		"mask=threshold weight_decay=0.1": "weight_decay: with mask=threshold it would reach different shares",
		"mask=top_layer activation=relu":  "activation: relu has no averages with mask=top_layer",
		"mask=threshold k=5 m=5":          "k: k+m = 10 fields, more than the 9",
		"mask=top_layer cubature=5000":    "cubature: 5000 is not a power of 2; take 4096",
		"mask=top_neuron p=0.001":         "p: 0.001 of n = 500 synapses are none",
		"mask=threshold threshold=-1":     "threshold: -1 is outside [0,inf)",
	} {
		theorytest.Refused(t, "twolayer", settings, want)
	}
	theorytest.New[*TwoLayer](t, "twolayer", "mask=top_neuron", "activation=relu", "weight_decay=0.1")
}

func TestSelectionsConform(t *testing.T) {
	theorytest.Conform(t, "twolayer", "mask=top_layer", "p=0.2", "sigma=0.1", "time=1", "points=3", "n=40", "simulate=3", "integrator=rk4", "dt=0.2", "cubature=1024")
}
