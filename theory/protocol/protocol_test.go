package protocol

import (
	"context"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/optimize"

	"ergon/theory"
	"ergon/theory/theorytest"
)

func protocolOf(t testing.TB, settings string) *Protocol {
	t.Helper()
	return theorytest.New[*Protocol](t, "protocol", strings.Fields(settings)...)
}

// The numbers of s = 0.5, e from 1 to 0.05, computed by an independent program.
func TestProtocolReference(t *testing.T) {
	for _, c := range []struct {
		settings, scalar string
		want, precision  float64
	}{
		{"", "m0", 7.7457, 1e-5},
		{"", "constant_rate", 0.266, 1e-3},
		{"", "constant_m0", 9.5685, 1e-5},
		{"", "ratio", 1.235, 5e-4},
		{"select=random p=0.2", "m0", 7.7457, 1e-5},
		{"select=top p=0.1", "m0", 1.763, 2e-4},
		{"select=gate p=0.1", "m0", 1.763, 2e-4},
		{"change=0 amount=1", "m1", 0.7015, 5e-5},
		{"change=0 amount=1 eta=0.1", "constant_m1", 0.7994, 5e-5},
	} {
		theorytest.NearScalar(t, theorytest.Predict(t, "protocol", strings.Fields(c.settings)...), c.scalar, c.want, c.precision)
	}
}

// Without a price of the amount the integrals are elementary, and the table ends where they
// do.
func TestProtocolClosedForm(t *testing.T) {
	for _, settings := range []string{"", "s=2 e=0.3", "s=0 e=1e-3", "change=0 time=3 select=random p=0.4", "select=top p=0.3 e0=4"} {
		p := protocolOf(t, settings)
		m := p.at(1).moments
		want := (math.Log(p.Start/p.Target) + p.Noise*p.Noise*(1/p.Target-1/p.Start)) / m.clock
		theorytest.Near(t, settings+": time", p.totals().time, want, 1e-13)
		theorytest.Near(t, settings+": m0", p.totals().m0, m.share*want, 1e-13)
		r := theorytest.PredictionOf(t, p)
		last := r.Rows[len(r.Rows)-1]
		theorytest.Near(t, settings+": e at the end", last[1], p.Target, 3e-3)
		theorytest.Near(t, settings+": m0 at the end", last[4], m.share*last[0], 1e-12)
	}
}

// At each e no other rate, and no other threshold, costs less per unit of progress.
func TestProtocolIsPointwiseLeast(t *testing.T) {
	for _, settings := range []string{
		"amount=3", "change=0 amount=1 time=0.1", "select=top p=0.2 amount=0.5", "select=top p=0 time=0.03",
		"select=gate p=0 change=0 amount=2 time=0.4", "select=top p=0 amount=7 time=2",
	} {
		p := protocolOf(t, settings)
		for _, e := range []float64{0.05, 0.2, 1} {
			best := p.at(e)
			least := p.perFall(e, best).cost
			for _, factor := range []float64{0.5, 0.9, 0.999, 1.001, 1.1, 1.7} {
				other := best
				other.rate *= factor
				if cost := p.perFall(e, other).cost; cost > 0 && cost < least {
					t.Errorf("%s: e = %g: η = %g costs %g, %g costs less, %g", settings, e, best.rate, least, other.rate, cost)
				}
				if p.Share > 0 {
					continue
				}
				other.threshold *= factor
				other.moments = beyond(other.threshold)
				if cost := p.perFall(e, other).cost; cost > 0 && cost < least {
					t.Errorf("%s: e = %g: c = %g costs %g, %g costs less, %g", settings, e, best.threshold, least, other.threshold, cost)
				}
			}
		}
	}
}

// The moments are those that sums over a normal variable give.
func TestProtocolMoments(t *testing.T) {
	for _, c := range []float64{0, 0.3, 1.7, 3} {
		var square, share, size float64
		const step = 1e-4
		for z := c + step/2; z < 12; z += step {
			weight := 2 * step * density(z)
			square, share, size = square+weight*z*z, share+weight, size+weight*z
		}
		m := beyond(c)
		theorytest.Near(t, "a", m.clock, square, 1e-7)
		theorytest.Near(t, "p", m.share, share, 1e-7)
		theorytest.Near(t, "b", m.size, size*theory.MeanAbsNormal, 1e-7)
		theorytest.NearAbsolute(t, "c", threshold(m.share), c, 1e-9)
	}
}

// A search over courses of 20 rates, each constant for a while, in which nothing is known of
// the closed form, finds its cost and nothing cheaper. The cost of pieces exceeds it by the
// square of their length.
func TestProtocolBruteForce(t *testing.T) {
	for _, settings := range []string{"", "amount=4", "change=0 time=0.2 amount=2 s=1 e=0.2"} {
		p := protocolOf(t, settings)
		found := bruteForce(t, p, 20)
		if ratio := found / p.totals().cost; !(ratio > 1 && ratio < 1.003) {
			t.Errorf("%s: the search found a cost of %g, %.5f times that of the protocol", settings, found, ratio)
		}
		if ratio := bruteForce(t, p, 1) / p.constant().cost; math.Abs(ratio-1) > 1e-6 {
			t.Errorf("%s: of one piece the search found %.8f times the cost of the best constant rate", settings, ratio)
		}
	}
}

// bruteForce returns the least cost of a course of so many constant rates whose durations
// grow geometrically, sixfold in all, and end where the target is reached.
func bruteForce(t *testing.T, p *Protocol, pieces int) float64 {
	t.Helper()
	cost := func(x []float64) float64 {
		long := 1.0
		end := func(scale float64) (e, path, time float64) {
			e = p.Start
			for i, logRate := range x {
				rate, span := math.Exp(logRate), scale*math.Pow(6, float64(i)/float64(pieces))
				floor, decay := rate*p.Noise*p.Noise/(2-rate), rate*(2-rate)
				for _, node := range [][2]float64{{0.1127016653792583, 5. / 18}, {0.5, 8. / 18}, {0.8872983346207417, 5. / 18}} { // Gauss, 3 points
					at := floor + (e-floor)*math.Exp(-decay*span*node[0])
					path += rate * 2 / math.Pi * math.Sqrt(p.variance(at)) * span * node[1]
				}
				e, time = floor+(e-floor)*math.Exp(-decay*span), time+span
			}
			return e, path, time
		}
		low := 0.0
		for e, _, _ := end(long); e > p.Target; e, _, _ = end(long) {
			if low, long = long, 2*long; long > 1e4 {
				return 1e3
			}
		}
		for range 60 {
			middle := (low + long) / 2
			if e, _, _ := end(middle); e > p.Target {
				low = middle
			} else {
				long = middle
			}
		}
		_, path, time := end(long)
		if pieces == 1 { // one piece is too long for three points
			return p.steady(math.Exp(x[0])).cost
		}
		return p.price(totals{m0: time, m1: path, time: time}).cost
	}
	start := make([]float64, pieces)
	for i := range start {
		start[i] = math.Log(0.5 * p.stable())
	}
	problem := optimize.Problem{Func: cost, Grad: func(to, x []float64) { fd.Gradient(to, cost, x, &fd.Settings{Formula: fd.Central, Step: 1e-5}) }}
	found, _ := optimize.Minimize(problem, start, &optimize.Settings{MajorIterations: 200, GradientThreshold: 1e-7}, &optimize.BFGS{})
	if found == nil {
		t.Fatal("no course found")
	}
	return found.F
}

// A constant rate and a falling one cost what small steps of time say.
func TestProtocolOtherCourses(t *testing.T) {
	p := protocolOf(t, "amount=2 select=top p=0.3")
	walk := func(rate func(t float64) float64) totals {
		const h = 1e-4
		var paid totals
		c := p.at(1)
		e := p.Start
		for e > p.Target {
			c.rate = rate(paid.time)
			flow := p.flow(e, c)
			e += h * p.fall(e, c)
			paid = totals{m0: paid.m0 + h*flow.m0, m1: paid.m1 + h*flow.m1, time: paid.time + h}
		}
		return p.price(paid)
	}
	constant, falling := p.constant(), p.falling()
	theorytest.Near(t, "constant", constant.cost, walk(func(float64) float64 { return constant.rate }).cost, 1e-3)
	theorytest.Near(t, "falling", falling.cost, walk(func(t float64) float64 { return falling.rate / (1 + t/falling.half) }).cost, 1e-3)
	for _, factor := range []float64{0.8, 1.2} {
		if cost := p.steady(factor * constant.rate).cost; cost < constant.cost {
			t.Errorf("the constant rate times %g costs %g, the best %g", factor, cost, constant.cost)
		}
		if cost := p.fallingFrom(factor*falling.rate, falling.half*p.at(1).clock).cost; cost < falling.cost {
			t.Errorf("the falling rate times %g costs %g, the best %g", factor, cost, falling.cost)
		}
	}
}

// M1 alone: what a small price of time tends to.
func TestProtocolLimit(t *testing.T) {
	limit := theorytest.Predict(t, "protocol", "change=0", "amount=1")
	near := theorytest.Predict(t, "protocol", "change=0", "amount=1", "time=1e-8")
	theorytest.NearScalar(t, near, "m1", *limit.Scalars["m1"], 1e-3)
	if limit.Scalars["m0"] != nil || limit.Scalars["time"] != nil {
		t.Errorf("the limit has m0 %v and time %v", limit.Scalars["m0"], limit.Scalars["time"])
	}
	if _, err := protocolOf(t, "change=0 amount=1").Draw(limit); err == nil {
		t.Error("a figure without time")
	}
}

// Simulations agree with every selection, and their totals with the predicted ones.
func TestProtocolSimulations(t *testing.T) {
	for _, settings := range []string{"amount=1", "select=random p=0.5", "select=top p=0 time=0.2", "select=gate p=0.3"} {
		r := theorytest.Predict(t, "protocol", append(strings.Fields(settings), "e=0.3", "points=5", "n=300", "simulate=12")...)
		if p := *r.Scalars["p_value"]; !(p > 0.02) {
			t.Errorf("%s: p_value %.3g, worst z %.2f", settings, p, *r.Scalars["worst_z"])
		}
		for _, total := range []string{"m0", "m1", "constant_m0", "constant_m1"} {
			if z := r.Scalars[total+"_simulated_z"]; z == nil || math.Abs(*z) > 4 {
				t.Errorf("%s: %s has z %v", settings, total, z)
			}
		}
	}
}

// A prediction whose p, s or η is wrong by a tenth is found out.
func TestProtocolWrongTheory(t *testing.T) {
	right := protocolOf(t, "select=random p=0.5 amount=1 e=0.2 points=6 n=400 simulate=16")
	simulated, err := right.simulate(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	chance := func(p *Protocol, rate float64) float64 {
		c := newCourse(right.Points + 1)
		e, m0, m1, step := p.Start, 0.0, 0.0, 0
		for row, count := range right.presentations() {
			for ; step < count; step++ {
				now := control{rate: rate * right.at(e).rate, moments: randomly(p.Share)}
				flow := p.flow(e, now)
				e += p.fall(e, now) / float64(p.N)
				m0, m1 = m0+flow.m0/float64(p.N), m1+flow.m1/float64(p.N)
			}
			c.times[row], c.distance[row], c.m0[row], c.m1[row] = float64(count)/float64(p.N), e, m0, m1
		}
		return *theory.CurveTable("t", c.times, c.curves(simulated.cheapest)...).Scalars["p_value"]
	}
	if p := chance(right, 1); p < 0.02 {
		t.Errorf("right: p_value %.3g", p)
	}
	slow, quiet := *right, *right
	slow.Share, quiet.Noise = 0.45, 0.4
	for what, p := range map[string]float64{"p": chance(&slow, 1), "s": chance(&quiet, 1), "eta": chance(right, 1.1)} {
		if p > 0.01 {
			t.Errorf("wrong %s: p_value %.3g", what, p)
		}
	}
}

func TestProtocolRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"e=2":                          "e: 2 is not below e0=1",
		"change=0":                     "change: nothing has a price",
		"p=0":                          "p: random masks of any share cost the same",
		"p=0 select=top":               "p: the smaller the share the cheaper",
		"p=0 select=top time=1e-9":     "p: the cheapest share is below 1e-06",
		"eta=0.4":                      "eta: a constant rate of 0.4 never reaches e=0.05; give less than 0.333333",
		"change=0 amount=1 simulate=2": "simulate: no course has the least M1",
		"n=10000000 simulate=1":        "n: a simulation takes 9.57e+07 presentations",
		"e=1e-17":                      "e: 1e-17 is reached after 2.5e+19 presentations",
		"e=1e-300":                     "e: 1e-300 is reached after",
		"select=topmost":               `did you mean "top"?`,
		"change=0 amount=1 time=1e-13 simulate=1": "n: a simulation takes",
	} {
		theorytest.Refused(t, "protocol", settings, want)
	}
}

func TestProtocolConforms(t *testing.T) {
	theorytest.Conform(t, "protocol", "amount=1", "time=0.5", "select=top", "p=0", "n=50", "simulate=3", "e=0.4", "points=4")
}
