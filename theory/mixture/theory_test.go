package mixture

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/theorytest"
)

// clusters returns the theory of two clusters, masked and clipped, quick to compute.
func clusters(simulate int) *Mixture {
	return &Mixture{
		Clusters: 2, Alpha: 2, Delta: 0.5, Loss: "logistic", Lambda: 0.1, R: 0.01,
		Eta: 0.2, P: 0.5, B: 1, Clip: 0.3, Steps: 16, Paths: 8000, Simulate: simulate, D: 300,
	}
}

// The defaults are a reference: two clusters, half of the synapses, C and m within
// 2 % of the values of simulations elsewhere, and the floors.
func TestMixtureDefaults(t *testing.T) {
	r := theorytest.Predict(t, "mixture", "paths=4000")
	last := r.Rows[50]
	theorytest.Near(t, "m", last[slices.Index(r.Columns, "m")], 1.409, 0.02)
	theorytest.Near(t, "c", last[slices.Index(r.Columns, "c")], 2.633, 0.02)
	theorytest.Near(t, "m0_total", last[slices.Index(r.Columns, "m0_total")], 25, 1e-12)
	theorytest.Near(t, "bayes_error", *r.Scalars["bayes_error"], 0.1030, 5e-4)
	theorytest.Near(t, "oracle_error", *r.Scalars["oracle_error"], math.Erfc(1)/2, 1e-12)
	theorytest.Near(t, "inefficiency of the first step", r.Rows[1][slices.Index(r.Columns, "inefficiency")], 1, 1e-12)
}

// Simulations agree with the theory, and find out one whose mask is wrong by a tenth,
// not only by the count of changes.
func TestMixtureSimulation(t *testing.T) {
	m := clusters(12)
	right := theorytest.PredictionOf(t, m)
	if p := *right.Scalars["p_value"]; p < 0.01 {
		t.Errorf("p_value %.3g, worst z %.2f", p, *right.Scalars["worst_z"])
	}
	trajectories, err := m.simulate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	m.P = 0.55
	wrong, err := m.Problem().Solve(context.Background(), m.Paths, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range curves(wrong, trajectories) {
		if !slices.Contains([]string{"m", "c", "m0_total", "m1_total"}, one.Name) {
			continue
		}
		if p := *theory.CurveTable("t", theory.Steps(m.Steps), one).Scalars["p_value"]; p > 1e-3 {
			t.Errorf("%s of a wrong mask: p_value %.3g", one.Name, p)
		}
	}
}

// Every loss can be named, and no other.
func TestMixtureLosses(t *testing.T) {
	for _, field := range schemaFields("mixture") {
		if field.Key != "loss" {
			continue
		}
		names := strings.Split(field.Allowed, " | ")
		for _, name := range names {
			if Losses[name] == nil {
				t.Errorf("loss %q is not computed", name)
			}
		}
		if len(names) != len(Losses) {
			t.Errorf("settings allow %v, package mixture has %d losses", names, len(Losses))
		}
	}
}

// schemaFields returns the settings of a theory.
func schemaFields(name string) []schema.Field {
	for _, kind := range theory.Theories.Kinds() {
		if kind.Name == name {
			return kind.Fields
		}
	}
	return nil
}

// A schedule ends where it is told to.
func TestMixtureSchedule(t *testing.T) {
	m := clusters(0)
	m.EtaLast = 0.02
	rates := m.Problem().Rates
	theorytest.Near(t, "first rate", rates[0], 0.2, 1e-12)
	theorytest.Near(t, "last rate", rates[len(rates)-1], 0.02, 1e-12)
}

func TestMixtureNotes(t *testing.T) {
	r := theorytest.Predict(t, "mixture", "clusters=3", "steps=3", "paths=1000")
	if !strings.Contains(strings.Join(r.Notes, "\n"), "m0 0: the sides of three clusters look the same") {
		t.Errorf("notes %q", r.Notes)
	}
	if m := r.Rows[3][slices.Index(r.Columns, "m")]; math.Abs(m) > 1e-9 {
		t.Errorf("m = %v of clusters whose sides look the same", m)
	}
}

func TestMixtureFigure(t *testing.T) {
	m := clusters(3)
	m.Paths, m.D, m.Steps = 1000, 50, 4
	r := theorytest.PredictionOf(t, m)
	figure, err := m.Draw(r)
	if err != nil || len(figure) != 4 {
		t.Errorf("%d panels, error %v; want 4", len(figure), err)
	}
}

func TestMixtureConforms(t *testing.T) {
	theorytest.Conform(t, "mixture", "steps=5", "paths=1000", "d=50", "simulate=4", "b=0.5", "clip=0.3")
}

// What cannot be computed is an error that names the setting.
func TestMixtureRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"tau=0.1":              "tau: τ = 0.1 is too short for the learning rate 0.2 of step 0; want at least 0.2, or 0 for",
		"paths=1000000000000":  "paths: 1000000000000 is outside",
		"paths=10000000":       "paths: 10000000 paths of 50 steps take",
		"d=1000000 simulate=1": "d: the examples of 1000000 weights take",
		"loss=hinge":           `loss: "hinge" is not one of logistic, square, squared_hinge`,
	} {
		theorytest.Refused(t, "mixture", settings, want)
	}
}
