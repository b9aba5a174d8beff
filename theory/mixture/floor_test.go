package mixture

import (
	"math"
	"testing"

	"ergon/internal/philox"
)

// Two clusters: the floor in closed form, .1030 for α = 2 and Δ = 0.5, and the error
// of any weights.
func TestTwoClusterErrors(t *testing.T) {
	p := &Problem{Clusters: 2, Alpha: 2, Delta: 0.5}
	near(t, "floor", p.BayesError(), math.Erfc(1/math.Sqrt(2*0.5*(1+0.5/2)))/2, 1e-14)
	within(t, "floor", p.BayesError(), 0.1030, 0.00005)
	near(t, "oracle", p.OracleError(), math.Erfc(1)/2, 1e-14)
	near(t, "oracle is w = v*", p.OracleError(), p.ErrorAt(1, 1), 1e-14)
	near(t, "length does not matter", p.ErrorAt(0.6, 0.9), p.ErrorAt(1.2, 3.6), 1e-14)
}

// The error of three clusters against drawn examples.
func TestThreeClusterError(t *testing.T) {
	const n, m, c = 200_000, 0.8, 0.9
	p := &Problem{Clusters: 3, Delta: 0.4, Door: 0.7}
	stream, wrong := philox.New(1, "mixture/test"), 0.0
	for i := range uint64(n) {
		kind := p.clusters()[[]int{0, 0, 1, 2}[i%4]]
		h := kind.c*m + math.Sqrt(p.Delta*c)*stream.Normal(0, i)
		if (h*h-p.Door*p.Door)*kind.y < 0 {
			wrong++
		}
	}
	within(t, "error", p.ErrorAt(m, c), wrong/n, 4*0.5/math.Sqrt(n))
}

// The best guess for three clusters is the best door for its direction; knowing
// v* is the limit of many examples; and up to α/2 = Δ² nothing can be known.
func TestThreeClusterFloor(t *testing.T) {
	p := &Problem{Clusters: 3, Alpha: 2, Delta: 0.5}
	q := p.blindOverlap()
	best := 1.0
	for p.Door = 0.0; p.Door < 2; p.Door += 0.001 {
		best = min(best, p.ErrorAt(q, q))
	}
	within(t, "best door", p.BayesError(), best, 1e-6)
	p.Alpha = 1e6
	near(t, "many examples", p.BayesError(), p.OracleError(), 1e-5)
	for share, known := range map[float64]bool{0.95: false, 1.05: true} {
		p.Alpha = share * 2 * p.Delta * p.Delta
		if q := p.blindOverlap(); q > 1e-3 != known {
			t.Errorf("α/2 = %v·Δ²: overlap %v", share, q)
		}
	}
	p.Delta, p.Alpha = 1e-3, 1
	if e := p.BayesError(); !(e >= 0 && e < 1e-12) {
		t.Errorf("error of narrow clusters %v, want 0 nearly", e)
	}
}
