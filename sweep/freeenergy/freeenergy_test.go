package freeenergy

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"ergon/train/rundir"
)

// gas returns a window of an ideal gas of d dimensions at T = η/2: U = d·T/2, S = d/2·ln(2πe T).
func gas(d int, lr float64) rundir.FreeEnergyWindow {
	t := lr / 2
	return window(lr, float64(d)*t/2, float64(d)/2*math.Log(2*math.Pi*math.E*t))
}

// window returns a window that ends at step 1000.
func window(lr, u, s float64) rundir.FreeEnergyWindow {
	return rundir.FreeEnergyWindow{Step: 1000, Steps: 100, Weights: 100, Rate: &lr, Energy: u, Entropy: &s}
}

// measured is a run with these windows.
func measured(seed uint64, windows ...rundir.FreeEnergyWindow) Run {
	return Run{Seed: seed, Ended: true, Measured: &rundir.FreeEnergy{Dimension: 10, Neighbours: 5, Windows: windows}}
}

// ladder is seven rates a factor √2 apart.
func ladder() (rates []float64) {
	for i := range 7 {
		rates = append(rates, 0.01*math.Pow(2, float64(i)/2))
	}
	return rates
}

// gases are runs of an ideal gas at each rate; change may alter the window of a seed at rate number i.
func gases(seeds int, change func(i, seed int, w *rundir.FreeEnergyWindow)) (rates []Rate) {
	for i, lr := range ladder() {
		rate := Rate{LR: lr}
		for seed := range seeds {
			w := gas(10, lr)
			if change != nil {
				change(i, seed, &w)
			}
			rate.Runs = append(rate.Runs, measured(uint64(seed), w))
		}
		rates = append(rates, rate)
	}
	return rates
}

func near(t *testing.T, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision*math.Abs(want)) {
		t.Errorf("%s = %v, want %v to %g", what, got, want, precision)
	}
}

// bias is by how much the bracket of rates a factor √2 apart exceeds T: (√q - 1/√q)/ln q.
var bias = (math.Pow(2, 0.25) - math.Pow(2, -0.25)) / (math.Ln2 / 2)

// Exact states give T = η/2 up to the bias of the bracket, the exponent 1, valleys at each rate's own T,
// and T/kT* as the threshold was made.
func TestIdealGas(t *testing.T) {
	c := New("gas", gases(1, func(_, _ int, w *rundir.FreeEnergyWindow) {
		signal, noise, threshold := 4.0, 16.0, *w.Rate/4
		w.Signal2, w.Noise2, w.Threshold = &signal, &noise, &threshold
	}), Settings{})
	if c.Known != 7 || c.Rates != 7 || c.Seeds != 1 || len(c.Missing) != 0 || c.RateIs != "lr" || c.Problem != "" {
		t.Fatalf("%+v", c)
	}
	for i, row := range c.Rows {
		near(t, "kT*", *row.Threshold, row.LR/4, 1e-12)
		near(t, "SNR", *row.SNR, 0.5, 1e-12)
		if i == 0 || i == 6 {
			if row.T != nil || row.Valley != nil || row.Ratio != nil {
				t.Errorf("the end at η = %g has a temperature: %+v", row.LR, row)
			}
			continue
		}
		near(t, "T", *row.T, row.LR/2*bias, 1e-10)
		near(t, "T/kT*", *row.Ratio, 2*bias, 1e-10)
		if !*row.Valley || row.TError != nil || row.EntropyError != nil || *row.Low >= *row.T || *row.High <= *row.T {
			t.Errorf("row %+v", row)
		}
	}
	if *c.Rows[0].Low != 0 || c.Rows[6].High != nil {
		t.Errorf("ends are bounded: %+v, %+v", c.Rows[0], c.Rows[6])
	}
	near(t, "exponent", c.Law.Exponent.Mean, 1, 1e-10)
	near(t, "c of c·η", c.Law.Linear.Mean, bias/2, 1e-10)
	near(t, "mean T/kT*", c.Ratio.Rates.Mean, 2*bias, 1e-10)
	if c.Ratio.Rates.N != 5 || c.Ratio.Seeds != nil || c.LawSeeds != nil {
		t.Errorf("ratio %+v, law of seeds %+v", c.Ratio, c.LawSeeds)
	}
}

// Seeds whose energies are 1-x, 1 and 1+x times the gas's have temperatures in that proportion: so are
// the standard errors and the intervals of what is told of them.
func TestSeeds(t *testing.T) {
	const x = 0.05
	c := New("gas", gases(3, func(_, seed int, w *rundir.FreeEnergyWindow) {
		w.Energy *= 1 + x*float64(seed-1)
		threshold := *w.Rate
		w.Threshold = &threshold
	}), Settings{})
	row := c.Rows[3]
	own := row.LR / 2 * bias
	near(t, "U", row.U, 10*row.LR/4, 1e-12)
	near(t, "error of U", *row.UError, x*row.U/math.Sqrt(3), 1e-12)
	near(t, "T", *row.T, own, 1e-10)
	near(t, "error of T", *row.TError, x*own/math.Sqrt(3), 1e-10) // of a mean of three: T is linear in U
	near(t, "exponent by seeds", c.LawSeeds.Exponent.Mean, 1, 1e-10)
	const student = 4.3027 // of 2 degrees of freedom
	half := math.Log(*c.LawSeeds.Linear.Hi / *c.LawSeeds.Linear.Lo) / 2
	near(t, "interval of c", half, student*x/math.Sqrt(3), 2e-3) // to second order in x
	half = math.Log(*c.Ratio.Seeds.Hi / *c.Ratio.Seeds.Lo) / 2
	near(t, "interval of T/kT*", half, student*x/math.Sqrt(3), 2e-3)
	if c.LawSeeds.Exponent.N != 3 || c.Law.Exponent.N != 5 || len(c.Used) != 3 {
		t.Errorf("of %d seeds and %d rates", c.LawSeeds.Exponent.N, c.Law.Exponent.N)
	}
}

// What ended without a state takes its rate out, for all seeds; what is still to come takes out its
// seed alone. Each run that is not used is listed with the reason.
func TestMissing(t *testing.T) {
	rates := gases(3, nil)
	rates[6].Runs[1] = Run{Seed: 1, Why: "diverged", Ended: true}
	rates[2].Runs[2] = Run{Seed: 2, Why: "pending"}
	c := New("gas", rates, Settings{})
	if c.Known != 6 || !slices.Equal(c.Used, []uint64{0, 1}) {
		t.Fatalf("%d rates, seeds %v", c.Known, c.Used)
	}
	reasons := map[string]int{}
	for _, m := range c.Missing {
		reasons[m.Why]++
	}
	want := map[string]int{
		"diverged": 1, "pending": 1, "another seed has no state at this rate": 2,
		"known, but not used: seeds are compared at rates that they share": 5,
	}
	for why, n := range want {
		if reasons[why] != n {
			t.Errorf("%d runs %q, want %d: %v", reasons[why], why, n, c.Missing)
		}
	}
	near(t, "T", *c.Rows[1].T, c.Rows[1].LR/2*bias, 1e-10)
}

// Half-way through a benchmark, whatever is known is used: the seed that is known at most rates.
func TestHalfWay(t *testing.T) {
	rates := gases(2, nil)
	for i := range rates {
		for j := range rates[i].Runs {
			if (i < 4) != (j == 1) { // seed 1 at four rates, seed 0 at the three others
				rates[i].Runs[j] = Run{Seed: uint64(j), Why: "pending"}
			}
		}
	}
	c := New("gas", rates, Settings{})
	if c.Known != 4 || !slices.Equal(c.Used, []uint64{1}) || c.Rows[1].T == nil {
		t.Errorf("%d rates of seeds %v", c.Known, c.Used)
	}
}

// None, one and two rates, and numbers that are none, are curves without temperatures, which can be
// written as JSON.
func TestWithoutTemperature(t *testing.T) {
	nan, infinite := math.NaN(), math.Inf(-1)
	for name, rates := range map[string]func() []Rate{
		"no rate":  func() []Rate { return nil },
		"one rate": func() []Rate { return gases(1, nil)[:1] },
		"two rates": func() []Rate {
			return gases(2, nil)[:2]
		},
		"nothing moves": func() []Rate { return gases(1, func(_, _ int, w *rundir.FreeEnergyWindow) { w.Entropy = nil }) },
		"no energy":     func() []Rate { return gases(1, func(_, _ int, w *rundir.FreeEnergyWindow) { w.Energy = nan }) },
		"no entropy":    func() []Rate { return gases(1, func(_, _ int, w *rundir.FreeEnergyWindow) { w.Entropy = &infinite }) },
		"no windows":    func() []Rate { return []Rate{{LR: 1, Runs: []Run{measured(0)}}} },
		"one rate only": func() []Rate {
			return gases(1, func(_, _ int, w *rundir.FreeEnergyWindow) { x := 0.1; w.EffectiveRate = &x })
		},
	} {
		c := New(name, rates(), Settings{Smooth: 0.3, Slack: 0.01})
		for _, row := range c.Rows {
			if row.T != nil {
				t.Errorf("%s: T = %g", name, *row.T)
			}
		}
		if c.Law != nil || c.Ratio != nil || c.Known+len(c.Missing) < c.Rates {
			t.Errorf("%s: %+v", name, c)
		}
		if (name == "one rate only") != strings.Contains(c.Problem, "stands behind") {
			t.Errorf("%s: problem %q", name, c.Problem)
		}
		if _, err := json.Marshal(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Entropies of windows of another kind differ by a constant that would be taken for a difference of
// states.
func TestWindowsOfAnotherKind(t *testing.T) {
	c := New("gas", gases(1, func(i, _ int, w *rundir.FreeEnergyWindow) {
		if i == 3 {
			w.Steps = 50
		}
	}), Settings{})
	if c.Known != 6 || len(c.Missing) != 1 || !strings.Contains(c.Missing[0].Why, "100 weights of 50 steps, 5 neighbours, 10 dimensions, and others of the seed 100 weights of 100 steps") {
		t.Errorf("%d rates, missing %v", c.Known, c.Missing)
	}
}

// The effective rate is what a curve is over where all runs have it, and rows are in its order.
func TestEffectiveRate(t *testing.T) {
	rates := gases(2, func(i, seed int, w *rundir.FreeEnergyWindow) {
		x := *w.Rate * []float64{4, 9}[seed] // the geometric mean is 6
		w.EffectiveRate = &x
	})
	slices.Reverse(rates)
	c := New("gas", rates, Settings{})
	near(t, "lowest rate", c.Rows[0].Rate, 0.06, 1e-12)
	if c.RateIs != "effective_lr" || c.Rows[0].LR != 0.01 || c.Rows[1].T == nil {
		t.Errorf("%s, row %+v", c.RateIs, c.Rows[0])
	}
	rates[0].Runs[0].last().EffectiveRate = nil
	if c := New("gas", rates, Settings{}); c.RateIs != "lr" || c.Rows[0].Rate != 0.01 {
		t.Errorf("with one run without it: %s, %+v", c.RateIs, c.Rows[0])
	}
}

// A bump in U takes the valley away at its neighbours, and the temperature from where it stands.
func TestNoValley(t *testing.T) {
	c := New("gas", gases(1, func(i, _ int, w *rundir.FreeEnergyWindow) {
		if i == 3 {
			w.Energy *= 1.5
		}
	}), Settings{})
	if c.Rows[3].T != nil {
		t.Errorf("the bump has T = %g", *c.Rows[3].T)
	}
	if v := c.Rows[1].Valley; v == nil || *v {
		t.Errorf("F at the second rate is a valley with a bump in it: %v", v)
	}
}

// A gas that cools as T = 1/t, in windows a factor 2 apart: T between neighbours is
// (2-1/2)/(2·ln 2)/t times d/2 over d/2. Two seeds of the same gas are that gas.
func TestCollapse(t *testing.T) {
	var windows []rundir.FreeEnergyWindow
	for i := range 10 {
		step := 100 << i
		w := gas(10, 2/float64(step))
		w.Step = step
		windows = append(windows, w)
	}
	windows[9].Steps, windows[8].Steps = 100, 100
	c := New("gas", []Rate{{LR: 0.1, Runs: []Run{measured(0, windows...), measured(1, windows...)}}}, Settings{})
	moments := c.Rows[0].Along
	if len(moments) != 10 || moments[0].T != nil || moments[9].T != nil || moments[9].Step != 51200 {
		t.Fatalf("%+v", moments)
	}
	for _, m := range moments[1:9] {
		near(t, "T·t", *m.T*float64(m.Step), 1.5/(2*math.Ln2), 1e-10)
	}
	windows[4].Entropy, windows[7].Steps = nil, 50
	moments = New("gas", []Rate{{LR: 0.1, Runs: []Run{measured(0, windows...)}}}, Settings{}).Rows[0].Along
	for i, m := range moments {
		if unknown := slices.Contains([]int{0, 3, 5, 6, 8, 9}, i); unknown != (m.T == nil) {
			t.Errorf("moment %d: %+v", i, m)
		}
	}
}

// A run whose windows end at other steps than the first seed's says nothing of T along the run.
func TestCollapseOfUnequalRuns(t *testing.T) {
	var one, other []rundir.FreeEnergyWindow
	for i := range 5 {
		w := gas(10, 1/float64(i+1))
		w.Step = 100 * (i + 1)
		one = append(one, w)
		w.Step++
		other = append(other, w)
	}
	rates := []Rate{{LR: 1, Runs: []Run{measured(0, one...), measured(1, other[:3]...)}}}
	for _, m := range New("gas", rates, Settings{}).Rows[0].Along {
		if m.T != nil {
			t.Errorf("at step %d T = %g", m.Step, *m.T)
		}
	}
}

// Smoothing and slack are those of package temperature: slack widens the bracket by slack/ΔS.
func TestSettings(t *testing.T) {
	tight, wide := New("gas", gases(1, nil), Settings{}), New("gas", gases(1, nil), Settings{Slack: 0.001})
	step := 10. / 2 * math.Ln2 / 2
	near(t, "low", *wide.Rows[3].Low, *tight.Rows[3].Low-0.001/step, 1e-10)
	smooth := New("gas", gases(1, nil), Settings{Smooth: 2})
	if states := smooth.Smoothed(); len(states) != 7 || states[3].Energy <= smooth.Rows[3].U {
		t.Errorf("smoothed states %v", states)
	}
}
