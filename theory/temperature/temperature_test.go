package temperature

import (
	"math"
	"strings"
	"testing"
)

// bath returns exact states of an ideal gas of d free dimensions at T = η/2: U = d·T/2,
// S = d/2·ln(2πe T). dU/dS = T.
func bath(d float64, rates ...float64) (states []State) {
	for _, rate := range rates {
		t := rate / 2
		states = append(states, State{rate, d * t / 2, d / 2 * math.Log(2*math.Pi*math.E*t)})
	}
	return states
}

func near(t *testing.T, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision*math.Abs(want)) {
		t.Errorf("%s = %v, want %v to %g", what, got, want, precision)
	}
}

// The slopes of U over S to the neighbours at η·q and η/q bracket T, and their geometric mean is
// T·(q^½ - q^-½)/ln q, whatever the constant that S leaves out.
func TestBracket(t *testing.T) {
	q := math.Sqrt2
	states := bath(7, 1/q, 1, q)
	for i := range states {
		states[i].Entropy += 1000
	}
	intervals, err := Bracket(states, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "low", intervals[1].Low, 0.5*(1-1/q)/math.Log(q), 1e-10)
	near(t, "high", intervals[1].High, 0.5*(q-1)/math.Log(q), 1e-10)
	near(t, "point", intervals[1].Point(), 0.5*(math.Sqrt(q)-1/math.Sqrt(q))/math.Log(q), 1e-10)
	if low, high := intervals[0].Point(), intervals[2].Point(); !math.IsNaN(low) || !math.IsNaN(high) {
		t.Errorf("the ends have the temperatures %v and %v, want none", low, high)
	}
}

// A temperature of any size is one, though the square of it may be no float64.
func TestPointOfAnySize(t *testing.T) {
	for _, size := range []float64{1e-300, 1, 1e300} {
		near(t, "T", Interval{Low: size, High: 4 * size}.Point(), 2*size, 1e-12)
	}
}

// Slack widens a bracket by slack/|ΔS| at each end.
func TestBracketSlack(t *testing.T) {
	states := bath(7, 0.5, 1, 2)
	tight, _ := Bracket(states, 0)
	wide, _ := Bracket(states, 0.01)
	step := 3.5 * math.Ln2
	near(t, "low", wide[1].Low, tight[1].Low-0.01/step, 1e-10)
	near(t, "high", wide[1].High, tight[1].High+0.01/step, 1e-10)
}

// A state that has more energy than a chord of its neighbours allows has no temperature, and neither
// has one that another of the same entropy undercuts; slack may give it one.
func TestBracketIsEmptyWhereNoTemperatureFits(t *testing.T) {
	concave := []State{{1, 0, 0}, {2, 1, 1}, {3, 1.5, 2}}
	same := []State{{1, 0, 0}, {2, 1, 1}, {3, 0.5, 1}, {4, 3, 2}}
	for name, states := range map[string][]State{"concave": concave, "same entropy": same} {
		intervals, err := Bracket(states, 0)
		if err != nil {
			t.Fatal(err)
		}
		if point := intervals[1].Point(); !math.IsNaN(point) {
			t.Errorf("%s: T = %v, want none", name, point)
		}
	}
	if intervals, _ := Bracket(concave, 0.5); math.IsNaN(intervals[1].Point()) {
		t.Error("slack of half the energy leaves no temperature")
	}
}

// Where the entropy falls with the rate, lower rates bound T from above.
func TestBracketGoesByEntropy(t *testing.T) {
	states := bath(2, 1, 2, 4)
	states[0].Rate, states[2].Rate = 4, 1
	states[0], states[2] = states[2], states[0]
	intervals, err := Bracket(states, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "T", intervals[1].Point(), 1, 0.03)
}

// Smoothing leaves straight lines over ln η and the ends as they are, halves a spike between neighbours
// at half the width, and a width of zero changes nothing.
func TestSmooth(t *testing.T) {
	var line, spike []State
	for i := range 7 {
		rate := math.Exp(0.15 * float64(i))
		line = append(line, State{rate, 2 + 0.3*float64(i), -float64(i)})
		spike = append(spike, State{rate, 0, 0})
	}
	spike[3].Energy, spike[0].Energy = 1, 5
	for i, s := range Smooth(line, PublishedWidth) {
		near(t, "energy of a line", s.Energy, line[i].Energy, 1e-12)
	}
	smooth := Smooth(spike, PublishedWidth)
	for i, want := range []float64{5, 1.25, 0.25, 0.5, 0.25, 0, 0} {
		if math.Abs(smooth[i].Energy-want) > 1e-12 {
			t.Errorf("smoothed energy %d = %v, want %v", i, smooth[i].Energy, want)
		}
	}
	for i, s := range Smooth(spike, 0) {
		if s != spike[i] {
			t.Errorf("a width of 0 made %v of %v", s, spike[i])
		}
	}
}

// F of the exact states is a valley with its minimum at the rate that owns T.
func TestFreeEnergy(t *testing.T) {
	states := bath(5, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
	for i := range states {
		own := states[i].Rate / 2
		if got := Minimum(states, own); got != i || !Valley(states, own) {
			t.Errorf("F at T = %g has its minimum at state %d, valley %v, want state %d", own, got, Valley(states, own), i)
		}
	}
	near(t, "F", FreeEnergy(states, 2)[1], states[1].Energy-2*states[1].Entropy, 1e-15)
	states[2].Energy += 1
	if Valley(states, 0.02) {
		t.Error("F with a bump in it is a valley")
	}
}

// The law behind exact temperatures is found, NaN left out; noise of a known size gives intervals of
// the size that regression has for it.
func TestFitPowerLaw(t *testing.T) {
	var rates, exact, noisy []float64
	for i := range 9 {
		rate := math.Pow(10, -float64(i)/4)
		rates, exact = append(rates, rate), append(exact, 3.9e-3*math.Pow(rate, 0.85))
		noisy = append(noisy, exact[i]*math.Exp(0.1*float64(1-2*(i%2))))
	}
	exact[4] = math.NaN()
	law, err := FitPowerLaw(rates, exact)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "prefactor", law.Prefactor, 3.9e-3, 1e-12)
	near(t, "exponent", law.Exponent, 0.85, 1e-12)
	if linear, err := FitPowerLaw([]float64{1, 2, 4}, []float64{3, 6, 12}); err != nil || math.Abs(linear.Linear-3) > 1e-12 {
		t.Errorf("T = 3η has the linear prefactor %v, %v", linear, err)
	}
	if law.Points != 8 {
		t.Errorf("%d points, want 8", law.Points)
	}
	law, err = FitPowerLaw(rates, noisy)
	if err != nil {
		t.Fatal(err)
	}
	// Σ(ln η - mean)² of nine rates a quarter of a decade apart; t of 7 degrees of freedom is 2.3646.
	squares := 60 * math.Ln10 * math.Ln10 / 16
	near(t, "width", law.ExponentHigh-law.ExponentLow, 2*2.3646*law.Residual/math.Sqrt(squares), 1e-4)
	if law.ExponentLow > 0.85 || law.ExponentHigh < 0.85 || law.PrefactorLow > 3.9e-3 || law.PrefactorHigh < 3.9e-3 {
		t.Errorf("intervals of %+v leave out the law", law)
	}
	if _, err := FitPowerLaw(rates[:4], []float64{1, math.NaN(), 0, 2}); err == nil || !strings.Contains(err.Error(), "2 of 4 learning rates have a temperature") {
		t.Errorf("too few points: error %v", err)
	}
}

// What says nothing of temperatures is an error that names the rate.
func TestBracketRefuses(t *testing.T) {
	nan := math.NaN()
	for want, states := range map[string][]State{
		"two learning rates or more":             {{1, 0, 0}},
		"rates are above zero":                   {{0, 0, 0}, {1, 0, 0}},
		"learning rate 1 stands behind 2":        {{2, 0, 0}, {1, 0, 0}},
		"the energy at the learning rate 2 is N": {{1, 0, 0}, {2, nan, 0}},
		"the entropy at the learning rate 1 is ": {{1, 0, math.Inf(-1)}, {2, 0, 0}},
	} {
		if _, err := Temperatures(states, 0.3, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// The jackknife of a mean is its usual standard error s/√n, of twice the mean twice that; of one run
// there is none.
func TestJackknife(t *testing.T) {
	x := []float64{3, 5, 10}
	of := func(leftOut int) ([]float64, error) {
		mean := meanWithout(x, leftOut)
		return []float64{mean, 2 * mean}, nil
	}
	value, deviation, err := Jackknife(3, of)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", value[0], 6, 1e-15)
	near(t, "standard error", deviation[0], math.Sqrt((9+1+16)/2./3), 1e-12) // squares 9, 1, 16 over n-1 and n
	near(t, "of twice it", deviation[1], 2*deviation[0], 1e-12)
	near(t, "reach", Reach(1, 3), 4.3027, 1e-4) // Student's t of 2 degrees of freedom
	if _, deviation, _ := Jackknife(1, of); !math.IsNaN(deviation[0]) || !math.IsNaN(Reach(1, 1)) {
		t.Errorf("of one run: %v, %v", deviation, Reach(1, 1))
	}
}

// A gas that cools as T = 1/t has U = d·T/2 and S = d/2·ln T: between 2 and 8 the slope is
// (1/2 - 1/8)/ln 4. What is not known, and what rises while the other falls, has no T.
func TestAlong(t *testing.T) {
	var energy, entropy []float64
	for _, time := range []float64{1, 2, 4, 8, 16} {
		energy, entropy = append(energy, 3/time), append(entropy, -3*math.Log(time))
	}
	cooling := Along(energy, entropy)
	near(t, "T at 4", cooling[2], 0.375/math.Log(4), 1e-12)
	near(t, "T at 8", cooling[3], 0.1875/math.Log(4), 1e-12)
	energy[4], entropy[0] = 9, math.NaN()
	cooling = Along(energy, entropy)
	for _, i := range []int{0, 1, 3, 4} {
		if !math.IsNaN(cooling[i]) {
			t.Errorf("T at time %d is %v, want none", i, cooling[i])
		}
	}
	if math.IsNaN(cooling[2]) {
		t.Error("T between known neighbours is not known")
	}
	if got := Along([]float64{1, 2, 3}, []float64{1, 1, 1}); !math.IsNaN(got[1]) {
		t.Errorf("T at a standing entropy is %v", got[1])
	}
}
