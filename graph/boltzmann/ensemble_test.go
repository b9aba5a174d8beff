package boltzmann

import (
	"fmt"
	"math"
	"testing"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// drawn are fields [n] and couplings [n,n] from N(0, scale²), those that do not count included.
func drawn(n int, scale float64) (fields, couplings []float64) {
	s := philox.New(4, "test/ensemble")
	for i := range n {
		fields = append(fields, scale*s.Normal(0, uint64(i)))
	}
	for k := range n * n {
		couplings = append(couplings, scale*s.Normal(1, uint64(k)))
	}
	return fields, couplings
}

// The sums are those over all states, one after the other.
func TestEnsembleSumsOverAllStates(t *testing.T) {
	for n := range 15 { // from 11 on, units are divided into low and high ones
		fields, couplings := drawn(n, 0.7)
		lnZ, moments := sumOverStates(n, fields, couplings)
		e := newEnsemble(n, nil)
		e.couple(couplings)
		for range 2 { // the second sum does not see the first
			e.sum(fields, true)
		}
		if d := math.Abs(e.lnZ - lnZ); !(d < 1e-12*max(1, math.Abs(lnZ))) {
			t.Errorf("%d units: ln Z = %v, want %v", n, e.lnZ, lnZ)
		}
		for i := range n {
			for j := i; j < n; j++ {
				if d := math.Abs(e.moments[i*n+j] - moments[i*n+j]); !(d < 1e-13) {
					t.Errorf("%d units: ⟨s_%d s_%d⟩ = %v, want %v", n, i, j, e.moments[i*n+j], moments[i*n+j])
				}
			}
		}
		if e.sum(fields, false); math.Abs(e.lnZ-lnZ) > 1e-12*max(1, math.Abs(lnZ)) {
			t.Errorf("%d units, no moments: ln Z = %v, want %v", n, e.lnZ, lnZ)
		}
	}
}

// Energies whose exponentials overflow or vanish leave a ln Z, and ones that are no numbers
// none.
func TestEnsembleOfLargeEnergies(t *testing.T) {
	const n = 12
	for _, c := range []struct{ field, want float64 }{
		{1e4, n * 1e4},            // all units are on
		{-1e4, 0},                 // all are off
		{0, n * math.Ln2},         // all states are equal
		{math.Inf(-1), 0},         // no unit can be on
		{math.Inf(1), math.NaN()}, // a run that diverged
		{math.NaN(), math.NaN()},  // another
	} {
		fields, couplings := make([]float64, n), make([]float64, n*n)
		for i := range fields {
			fields[i] = c.field
		}
		e := newEnsemble(n, nil)
		e.couple(couplings)
		e.sum(fields, true)
		if got := e.lnZ; math.Abs(got-c.want) > 1e-9 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("fields %v: ln Z = %v, want %v", c.field, got, c.want)
		}
	}
}

// Sums have the same bits on any number of cores.
func TestEnsembleOnAnyNumberOfCores(t *testing.T) {
	const n = 16
	fields, couplings := drawn(n, 0.5)
	var first string
	for _, workers := range []int{1, 2, 3} {
		pool := parallel.New(workers)
		defer pool.Close()
		e := newEnsemble(n, pool)
		e.couple(couplings)
		e.sum(fields, true)
		got := fmt.Sprint(e.lnZ, e.moments)
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("%d workers give other numbers than one", workers)
		}
	}
}

func BenchmarkEnsemble(b *testing.B) {
	for _, n := range []int{12, 16, 20} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%d-units/%d-cores", n, workers), func(b *testing.B) {
				pool := parallel.New(workers)
				defer pool.Close()
				fields, couplings := drawn(n, 0.3)
				e := newEnsemble(n, pool)
				for b.Loop() {
					e.couple(couplings)
					e.sum(fields, true)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(int(1)<<n), "ns/state")
			})
		}
	}
}

// sumOverStates returns ln Z and the moments [n,n] of n units, one state
// after the other: ⟨s_i⟩ are on the diagonal, and what is below it stays 0.
func sumOverStates(n int, fields, couplings []float64) (lnZ float64, moments []float64) {
	minusE := make([]float64, 1<<n)
	most := math.Inf(-1)
	for state := range minusE {
		for i := range n {
			if state>>i&1 == 0 {
				continue
			}
			minusE[state] += fields[i]
			for j := i + 1; j < n; j++ {
				if state>>j&1 == 1 {
					minusE[state] += couplings[i*n+j]
				}
			}
		}
		most = max(most, minusE[state])
	}
	z := 0.0
	for _, x := range minusE {
		z += math.Exp(x - most)
	}
	moments = make([]float64, n*n)
	for state, x := range minusE {
		p := math.Exp(x-most) / z
		for i := range n {
			for j := i; j < n; j++ {
				if state>>i&1 == 1 && state>>j&1 == 1 {
					moments[i*n+j] += p
				}
			}
		}
	}
	return most + math.Log(z), moments
}
