package ridge

import (
	"math"
	"testing"

	"ergon/theory/theorytest"
)

// Known largest rates at α = 3, λ = 0.5, two of them limits.
func TestRidgeStability(t *testing.T) {
	r := ridge(t)
	for p, want := range map[float64]float64{1: .25113, 0.5: .45600, 1e-9: 2 / 3.5} {
		r.P = p
		theorytest.NearAbsolute(t, "η_c", r.Stability(), want, 5.1e-6)
	}
	_, high := marchenkoPastur(3).edges()
	r.P = 1
	theorytest.Near(t, "η_c of full steps", r.Stability(), 2/(high+0.5), 1e-14)
}

// The closed form is the first η at which one of the two conditions fails, as found by
// bisection of them with sums over eigenvalues; and at it the contraction is 1.
func TestRidgeStabilityByQuadrature(t *testing.T) {
	for _, alpha := range []float64{0.3, 1, 3} {
		modes := marchenkoPastur(alpha).eigenvalues(3000)
		_, edge := marchenkoPastur(alpha).edges()
		for _, lambda := range []float64{0, 0.5, 4} {
			for _, p := range []float64{0.05, 0.3, 0.5, 0.66, 0.75, 0.9, 1} {
				r := &Ridge{Alpha: alpha, Lambda: lambda, P: p}
				stable := func(eta float64) bool {
					noise := modes.Mean(func(i int) float64 {
						u := modes.X[i] + lambda
						return eta * (1 - p) * u / (2 - p*eta*u)
					})
					return p*eta*(edge+lambda) < 2 && noise < 1
				}
				low, high := 0.0, 100.0
				for range 60 {
					if middle := (low + high) / 2; stable(middle) {
						low = middle
					} else {
						high = middle
					}
				}
				theorytest.Near(t, "η_c", r.Stability(), low, 1e-9)
				r.LearningRate = r.Stability()
				theorytest.Near(t, "contraction at η_c", r.Contraction(), 1, 1e-9)
				r.LearningRate *= 1.01
				if k := r.Contraction(); k <= 1 {
					t.Errorf("α %g, λ %g, p %g: contraction %v above η_c", alpha, lambda, p, k)
				}
			}
		}
	}
}

// The contraction is what a long trajectory shows: of its slowest mode where that
// decides, of the noise of its masks where they do.
func TestRidgeContraction(t *testing.T) {
	for _, settings := range [][]string{
		{"p=0.5", "eta=0.44", "steps=300"}, {"p=0.2", "eta=0.5", "steps=300"}, {"p=0.3", "eta=0.5", "lambda=0", "alpha=0.4", "steps=800"},
	} {
		r := ridge(t, settings...)
		c := moments(t, r)
		last := r.Steps
		theorytest.Near(t, "contraction", r.Contraction(), math.Sqrt(c.dissipation[last]/c.dissipation[last-1]), 1e-3)
	}
	slow := ridge(t, "p=0.9", "eta=0.05")
	low, _ := marchenkoPastur(3).edges()
	theorytest.Near(t, "contraction of small steps", slow.Contraction(), 1-0.9*0.05*(low+0.5), 1e-12)
}

func TestMarchenkoPasturMoments(t *testing.T) {
	for _, alpha := range []float64{0.01, 0.3, 0.99, 1, 1.01, 3, 50} {
		e := marchenkoPastur(alpha).eigenvalues(6)
		for power, want := range []float64{1, alpha, alpha + alpha*alpha, alpha * (1 + 3*alpha + alpha*alpha)} {
			theorytest.Near(t, "moment", e.Mean(func(i int) float64 { return math.Pow(e.X[i], float64(power)) }), want, 1e-13)
		}
		if math.Abs(alpha-1) > 0.1 {
			zeros := marchenkoPastur(alpha).eigenvalues(4000).Weight[0]
			theorytest.NearAbsolute(t, "share of zeros", zeros, max(0, 1-alpha), 1e-12)
		}
	}
}

// The resolvent is the sum over eigenvalues, left, right and between zero and the
// others, and solves its equation.
func TestMarchenkoPasturResolvent(t *testing.T) {
	for _, alpha := range []float64{0.1, 0.99, 1, 1.01, 3} {
		law := marchenkoPastur(alpha)
		e := law.eigenvalues(4000)
		low, high := law.edges()
		for _, z := range []float64{-7, -0.5, -0.01, high + 0.01, high + 1, 100} {
			theorytest.Near(t, "S", law.resolvent(z), e.Mean(func(i int) float64 { return 1 / (e.X[i] - z) }), 1e-10)
			theorytest.Near(t, "S'", law.resolventSquared(z), e.Mean(func(i int) float64 { return 1 / (e.X[i] - z) / (e.X[i] - z) }), 1e-10)
		}
		if z := low / 2; z > 0.01 {
			theorytest.Near(t, "S below x₋", law.resolvent(z), e.Mean(func(i int) float64 { return 1 / (e.X[i] - z) }), 1e-10)
		}
		theorytest.Near(t, "S(x₊)", law.resolvent(high), -1/(1+math.Sqrt(alpha)), 1e-12)
		// m(∞) = 1 - λs with λs² + (λ+α-1)s - 1 = 0.
		s := law.resolvent(-0.5)
		if off := 0.5*s*s + (0.5+alpha-1)*s - 1; math.Abs(off) > 1e-13*s*s {
			t.Errorf("α %g: the equation of s is off by %g", alpha, off)
		}
	}
}
