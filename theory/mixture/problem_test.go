package mixture

import (
	"context"
	"math"
	"strings"
	"testing"
)

// near reports got if it is further from want than a share of it.
func near(t *testing.T, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision*math.Abs(want)) {
		t.Errorf("%s: got %v, want %v within %v of it", what, got, want, precision)
	}
}

// within reports got if it is further from want than a distance.
func within(t *testing.T, what string, got, want, distance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= distance) {
		t.Errorf("%s: got %v, want %v ± %v", what, got, want, distance)
	}
}

// twoClusters are those of the reference values: α = 2, Δ = 0.5, λ = 0.1, R = 0.01,
// logistic loss, 50 steps.
func twoClusters(p, b, eta float64) *Problem {
	return &Problem{
		Clusters: 2, Alpha: 2, Delta: 0.5, Loss: Losses["logistic"], Lambda: 0.1, R: 0.01,
		Rates: Constant(eta, 50), P: p, B: b, Clip: math.Inf(1),
	}
}

// solved solves a problem that can be solved.
func solved(t *testing.T, p *Problem, paths int) *Trajectory {
	t.Helper()
	c, err := p.Solve(context.Background(), paths, 1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Derivatives of the losses, and of an example's loss in its field, against
// differences.
func TestDerivatives(t *testing.T) {
	const h = 1e-5
	for name, loss := range Losses {
		for _, v := range []float64{-40, -1.3, -0.2, 0.4, 0.9, 2, 30} {
			value, first, second := loss.At(v)
			above, firstAbove, _ := loss.At(v + h)
			below, firstBelow, _ := loss.At(v - h)
			within(t, name+"'", first, (above-below)/(2*h), 1e-7)
			within(t, name+"''", second, (firstAbove-firstBelow)/(2*h), 1e-7)
			if value < 0 {
				t.Errorf("%s(%v) = %v is below 0", name, v, value)
			}
		}
		for _, clusters := range []int{2, 3} {
			p := &Problem{Clusters: clusters, Door: 0.7, Loss: loss}
			for _, y := range []float64{-1, 1} {
				_, first, second := p.example(y, 0.3)
				above, firstAbove, _ := p.example(y, 0.3+h)
				below, firstBelow, _ := p.example(y, 0.3-h)
				within(t, name+": Λ'", first, (above-below)/(2*h), 1e-7)
				within(t, name+": Λ''", second, (firstAbove-firstBelow)/(2*h), 1e-7)
			}
		}
	}
	value, first, _ := Losses["logistic"].At(-1000)
	near(t, "logistic loss far out", value, 1000, 1e-15)
	near(t, "its slope", first, -1, 1e-15)
}

func TestRates(t *testing.T) {
	rates := Geometric(0.8, 0.1, 4)
	for i, want := range []float64{0.8, 0.4, 0.2, 0.1} {
		near(t, "rate", rates[i], want, 1e-12)
	}
	if one := Geometric(0.8, 0.1, 1); len(one) != 1 || one[0] != 0.8 {
		t.Errorf("rates of one step %v, want the first", one)
	}
}

func TestValidate(t *testing.T) {
	for want, change := range map[string]func(*Problem){
		"4 clusters":                        func(p *Problem) { p.Clusters = 4 },
		"no loss":                           func(p *Problem) { p.Loss = nil },
		"α = 0":                             func(p *Problem) { p.Alpha = 0 },
		"variance Δ = NaN":                  func(p *Problem) { p.Delta = math.NaN() },
		"variance R = 0":                    func(p *Problem) { p.R = 0 },
		"clip at 0":                         func(p *Problem) { p.Clip = 0 },
		"p = 0":                             func(p *Problem) { p.P = 0 },
		"b = 1.5":                           func(p *Problem) { p.B = 1.5 },
		"λ = -1":                            func(p *Problem) { p.Lambda = -1 },
		"rate 0 of step 3":                  func(p *Problem) { p.Rates[3] = 0 },
		"want at least 0.466667, or 0":      func(p *Problem) { p.Tau, p.B = 0.4, 0.3 },
		"want at least 0.2, or 0":           func(p *Problem) { p.Tau, p.B = 0.1, 0.8 },
		"50 paths are too few for 50 steps": func(p *Problem) {},
	} {
		p := twoClusters(1, 1, 0.2)
		change(p)
		if _, err := p.Solve(context.Background(), 50, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// What takes too much memory is refused, with what would not.
func TestSizes(t *testing.T) {
	p := twoClusters(1, 1, 0.2)
	if err := p.CheckPaths(100_000_000); err == nil || !strings.Contains(err.Error(), "want at most ") {
		t.Errorf("a hundred million paths: %v", err)
	}
	p.Rates = Constant(0.2, 2000)
	if err := p.CheckPaths(10_000); err == nil || !strings.Contains(err.Error(), "want fewer steps") {
		t.Errorf("2000 steps: %v", err)
	}
	for d, want := range map[int]string{1: "two and an example", 1_000_000: "want at most 5792"} {
		if _, err := p.Simulate(context.Background(), d, 0, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("d = %d: error %v, want %q in it", d, err, want)
		}
	}
}
