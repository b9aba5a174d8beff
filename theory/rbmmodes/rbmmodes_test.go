package rbmmodes

import (
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/internal/philox"
	"ergon/theory"
	"ergon/theory/theorytest"
)

// quick are settings of machines that order in a moment.
var quick = []string{"v=16", "h=6", "strengths=[0.7]", "examples=64", "eta=0.05", "updates=400", "points=80"}

// The answer of the theory: a mask that does not look at the gradient changes the clock alone, the
// largest updates shift the transition. At η = 0.05 and p = ½ the predicted M0 of bernoulli masks is 0.8 % below
// that without; nonlinear growth at the end leaves less of it.
func TestTransitions(t *testing.T) {
	r := theorytest.Predict(t, "rbm-modes", append(slices.Clone(quick), "rows=transitions", "simulate=8")...)
	cell := func(label, column string) float64 {
		row := slices.Index(r.Labels, label)
		if row < 0 {
			t.Fatalf("no row %s of %v", label, r.Labels)
		}
		return at(t, r, row, column)
	}
	for _, event := range []string{", s1 = 1", ", χ peaks"} {
		for _, mask := range []string{"bernoulli", "neurons"} {
			for _, column := range []string{"m0_ratio", "m1_ratio"} {
				got, wide := cell(mask+event, column+"_simulated"), cell(mask+event, column+"_simulated_error")
				if math.Abs(got-1) > 0.01+5*wide || !(wide > 0 && wide < 0.04) {
					t.Errorf("%s%s: %s is %.4f ± %.4f, want 1", mask, event, column, got, wide)
				}
			}
			if twice := cell(mask+event, "updates_simulated") / cell("none"+event, "updates_simulated"); math.Abs(twice-2) > 0.1 {
				t.Errorf("%s%s: %.3f times the updates at p = ½", mask, event, twice)
			}
		}
	}
	for _, column := range []string{"m0_ratio", "m1_ratio"} { // of six hidden units: no more than a tenth
		got, wide, want := cell("competitive, s1 = 1", column+"_simulated"), cell("competitive, s1 = 1", column+"_simulated_error"), cell("competitive, s1 = 1", column)
		if math.Abs(got-want) > 0.1*want+5*wide || got+5*wide > 0.95 {
			t.Errorf("largest updates: %s is %.3f ± %.3f, want %.3f", column, got, wide, want)
		}
	}
	if got := cell("bernoulli, s1 = 1", "m0_ratio"); math.Abs(got-cell("bernoulli, s1 = 1", "m0_ratio_simulated")) > 0.005 {
		t.Errorf("bernoulli: M0 %v of that without a mask", got)
	}
	for _, mask := range []string{"none", "bernoulli", "neurons"} { // hidden units come to take part more evenly, which raises χ on the way
		s, alone := cell(mask+", χ peaks", "s1_simulated"), cell(mask+", χ peaks", "rank_one_simulated")
		if s < alone-0.02 || s > 1.15*alone {
			t.Errorf("%s: χ peaks at %.3f, in a machine of one mode at %.3f", mask, s, alone)
		}
	}
}

// A crossing lies where the logarithm of a coupling is 0, a peak where the first parabola has its
// vertex.
func TestEvents(t *testing.T) {
	c := &course{s: [][]float64{{0.1, 0.25, 0.5, 2, 3}}, chi: [][]float64{{9, 8, 1, 4, 3}}}
	theorytest.Near(t, "crossing", c.crossing(0), 2.5, 1e-14)
	theorytest.Near(t, "peak", c.peak(), 3.25, 1e-14) // 1, 4, 3: slope (3-1)/2, bend 1-8+3
	c.s[0][2] = 0.4                                   // the first point from ½ on is 2
	if at := c.peak(); !math.IsNaN(at) {
		t.Errorf("peak at %g of points that pass it by", at)
	}
	for name, values := range map[string][]float64{"falls": {3, 2, 5, 1}, "rises": {1, 2, 3}, "rounding": {0, 1e-17, 0}} {
		if at := peakOf(values); !math.IsNaN(at) {
			t.Errorf("%s: peak at %g", name, at)
		}
	}
	if at := (&course{s: [][]float64{{0.1, 0.2}}}).crossing(0); !math.IsNaN(at) {
		t.Errorf("crossing at %g of what stays below 1", at)
	}
}

// Masks keep what they say: each synapse, or each hidden unit's, with probability p, within 5
// standard errors; or the largest k = n - round((1-p)(n-1)), with those that tie.
func TestMasks(t *testing.T) {
	const hidden, visible, updates, p = 5, 70, 400, 0.3
	slope := matrix(hidden, visible)
	plastic := make([][]bool, hidden)
	for j := range plastic {
		plastic[j] = make([]bool, visible)
	}
	count := func(m mask) (kept, mixed float64) {
		for update := range uint64(updates) {
			m.draw(update, slope, plastic)
			for _, row := range plastic {
				n := 0
				for _, keep := range row {
					if keep {
						n++
					}
				}
				kept += float64(n) / (hidden * visible * updates)
				if n > 0 && n < visible {
					mixed++
				}
			}
		}
		return kept, mixed
	}
	for name, draws := range map[string]float64{"bernoulli": hidden * visible * updates, "neurons": hidden * updates} {
		kept, mixed := count(masks[name].new(p, philox.New(1, name)))
		theorytest.NearAbsolute(t, name, kept, p, 5*math.Sqrt(p*(1-p)/draws))
		if (name == "neurons") != (mixed == 0) {
			t.Errorf("%s: %g units with some of their synapses", name, mixed)
		}
	}
	if kept, _ := count(masks["none"].new(p, philox.Stream{})); math.Abs(kept-1) > 1e-12 {
		t.Errorf("no mask keeps %g", kept)
	}
	for j := range slope {
		for i := range slope[j] {
			slope[j][i] = float64((j*visible + i) % 100 * (1 - 2*(i%2)))
		}
	}
	masks["competitive"].new(p, philox.Stream{}).draw(0, slope, plastic)
	for j := range slope { // of 350 the largest win by the rule, those from element round(0.7·349) = 244 on: 0 to 49 are there four times, 50 to 99 thrice, so it is 64
		for i, s := range slope[j] {
			if keep := math.Abs(s) >= 64; plastic[j][i] != keep {
				t.Fatalf("a slope of %g: kept %v", s, plastic[j][i])
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	for settings, want := range map[string]string{
		"v=50": "multiple of 4", "examples=2": "multiple of 4", "strengths=[]": "0 patterns", "strengths=[0.4,0.5]": "strongest", "strengths=[0.7,0.4]": "at most 1",
		"mean=0.1 strengths=[0.4]": "at most 0.333333", "masks=[]": "there is none", "masks=[none,none]": "twice", "masks=[nobody]": "nobody", "h=16 v=128": "states",
		"h=1": "2 patterns", "updates=10000000 simulate=10000": "exponentials", "points=100000 simulate=10000 updates=10": "machines", "v=1000 examples=100000": "covariance", "eta=NaN": "number", "p=0": "outside (0,1]",
	} {
		theorytest.Refused(t, "rbm-modes", settings, want)
	}
	r := theorytest.New[*RBMModes](t, "rbm-modes", "mean=0.02", "strengths=[0.1]", "examples=4", "simulate=0")
	if _, err := theory.Predict(t.Context(), r); err == nil || !strings.Contains(err.Error(), "the same in all") {
		t.Errorf("silent units: error %v", err)
	}
	if _, err := (&RBMModes{Rows: "rates"}).Draw(nil); err == nil {
		t.Error("rates are drawn")
	}
}

func TestRBMModesConforms(t *testing.T) {
	for _, rows := range []string{"curves", "rates", "transitions"} {
		t.Run(rows, func(t *testing.T) {
			if rows == "curves" {
				theorytest.Conform(t, "rbm-modes", append(slices.Clone(quick), "simulate=2", "updates=60")...)
				return
			}
			r := theorytest.Predict(t, "rbm-modes", append(slices.Clone(quick), "simulate=2", "updates=60", "rows="+rows)...)
			for i, row := range r.Rows {
				if len(row) != len(r.Columns) || r.Labels[i] == "" {
					t.Errorf("row %d %s has %d numbers for %d columns", i, r.Labels[i], len(row), len(r.Columns))
				}
			}
		})
	}
}
