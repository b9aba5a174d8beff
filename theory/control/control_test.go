package control

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

func controlOf(t testing.TB, settings string) *Control {
	t.Helper()
	return theorytest.New[*Control](t, "control", strings.Fields(settings)...)
}

func predict(t testing.TB, settings string) *theory.Result {
	t.Helper()
	return theorytest.PredictionOf(t, controlOf(t, settings))
}

// Mori & Mignacco 2025, arXiv 2507.07907, two units, η = 1, t = 5: dropout at the constant p = 0.7, and
// the best schedule of 50 pieces, whose printed objective, 0.0118988, has another factor ½.
func TestControlPublished(t *testing.T) {
	noisy := predict(t, "sigma=0.3 constant=0.7 pieces=5")
	theorytest.NearAbsolute(t, "p = 0.7", *noisy.Scalars["constant_eps_g"], 0.036480, 1e-5)
	theorytest.NearAbsolute(t, "best constant p", *predict(t, "sigma=0.3 pieces=5").Scalars["constant_p"], 0.68, 0.01)
	r := predict(t, "")
	theorytest.NearAbsolute(t, "schedule", *r.Scalars["eps_g"], 0.0237977, 5e-6)
	p := slices.Index(r.Columns, "p")
	for i, row := range r.Rows {
		switch at, before := row[0], r.Rows[max(i-1, 0)][p]; {
		case at < 1.45 && row[p] < 0.999:
			t.Errorf("p(%.2f) = %g, want 1", at, row[p])
		case at > 1.8 && i < len(r.Rows)-1 && !(row[p] < before):
			t.Errorf("p(%.2f) = %g, want less than %g", at, row[p], before)
		}
	}
}

// One linear unit costs what the theory called protocol says in closed form, for s = 0.5 and e from 1
// to 0.05: M0/N = 7.7457, in any time that is enough, and at a constant rate 9.5685.
func TestControlLinear(t *testing.T) {
	for _, time := range []string{"8", "12"} {
		r := predict(t, "aim=m0 mask=element activation=linear k=1 eta=0 sigma=0.5 target=0.025 pieces=16 time="+time)
		theorytest.NearScalar(t, r, "cost", 7.7457, 2e-3)
		if got := r.Scalars["constant_cost"]; time == "8" != (got == nil) {
			t.Errorf("time %s: a constant rate costs %v", time, got)
		} else if got != nil {
			theorytest.Near(t, "constant", *got, 9.5685, 1e-5)
			theorytest.NearScalar(t, r, "constant_eta", 0.26577, 1e-3)
		}
	}
}

// Independent masks decorrelate the noise of two units: beside a mask that both share they save
// K/(1+(K-1)p) at the best constant rates.
func TestControlRedundancy(t *testing.T) {
	shared := predict(t, "aim=m0 mask=column eta=0 time=3 target=0.04 pieces=1")
	r := predict(t, "aim=m0 mask=element eta=0 time=3 target=0.04 pieces=1")
	p := *r.Scalars["constant_p"]
	theorytest.Near(t, "saving", *shared.Scalars["cost"] / *r.Scalars["cost"], 2/(1+p), 0.01)
}

// The gradient is that of finite differences of the whole.
func TestControlGradient(t *testing.T) {
	for _, settings := range []string{"", "aim=m1 mask=element eta=0 time=4"} {
		c := controlOf(t, settings)
		s := newSearch(context.Background(), c, 6)
		s.multiplier = 2
		x := s.first(control{0.7, 0.5})
		for i := range x {
			x[i] += 0.1 * math.Sin(float64(i))
		}
		got := slices.Clone(s.evaluate(x).gradient)
		for i := range x {
			const h = 1e-4
			there := slices.Clone(x)
			there[i] += h
			above := s.evaluate(there).value
			there[i] -= 2 * h
			theorytest.NearAbsolute(t, settings, got[i], (above-s.evaluate(there).value)/(2*h), 1e-4) // forward differences of 10⁻⁶
		}
	}
}

// Courses of pieces cost less than constant ones, and the more the finer they are.
func TestControlOrder(t *testing.T) {
	settings := "aim=m1 mask=element activation=linear k=1 eta=0 sigma=0.5 target=0.1 time=6 pieces="
	one, few, many := predict(t, settings+"1"), predict(t, settings+"3"), predict(t, settings+"9")
	theorytest.NearScalar(t, one, "ratio", 1, 1e-3)
	if a, b, c := *one.Scalars["cost"], *few.Scalars["cost"], *many.Scalars["cost"]; !(a > b && b > c) {
		t.Errorf("one, three and nine pieces cost %g, %g and %g", a, b, c)
	}
}

// Students that learn by the courses found have the predicted overlaps; with p wrong by a tenth they
// have not.
func TestControlSimulations(t *testing.T) {
	c := controlOf(t, "pieces=4 n=500 simulate=16")
	best, err := c.solve(context.Background(), c.Pieces)
	if err != nil {
		t.Fatal(err)
	}
	simulated, err := c.simulate(context.Background(), best)
	if err != nil {
		t.Fatal(err)
	}
	chance := func() float64 {
		return *theory.CurveTable("t", best.times(), best.curves(simulated)...).Scalars["p_value"]
	}
	if p := chance(); p < 0.02 {
		t.Errorf("p_value %.3g", p)
	}
	for i := range best.controls {
		best.controls[i].p *= 0.9
	}
	if best.follow(); chance() > 0.01 {
		t.Errorf("p wrong by a tenth: p_value %.3g", chance())
	}
}

func TestControlRefuses(t *testing.T) {
	theorytest.Refused(t, "control", "constant=0.5 aim=m0", "constant: 0.5, and with aim=m0 the constant p follows from the target")
	theorytest.Refused(t, "control", "constant=0.5 mask=element", "constant: 0.5, and only dropout with a given eta")
	theorytest.Refused(t, "control", "constant=0.5 eta=0", "constant: 0.5, and only dropout with a given eta")
	theorytest.Refused(t, "control", "aim=m0 target=0.5", "target: 0.5 is not below the error 0.166667 of weights that are 0")
	theorytest.Refused(t, "control", "simulate=1 n=1000000 time=1000 k=1", "n: a simulation takes")
	_, err := controlOf(t, "aim=m0 mask=element eta=0 time=0.3 target=0.001 pieces=1").Predict(context.Background())
	if err == nil || !strings.Contains(err.Error(), "no course was found that ends at 0.001 after time=0.3") {
		t.Errorf("error %v", err)
	}
}

func TestControlConforms(t *testing.T) {
	theorytest.Conform(t, "control", "pieces=3", "time=2", "n=50", "simulate=3")
}
