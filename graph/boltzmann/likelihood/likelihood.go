// Package likelihood says how probable data are under a restricted Boltzmann machine: exactly
// where one side can be enumerated, else by estimates with errors.
//
// The likelihood of an example is ln p(v) = -F(v) - ln Z. F is exact and cheap; all else in
// this package is about ln Z, or does without it. Logarithms are natural, so that numbers
// are in nats. Data are rows [n,V] of float32. Every result is the same bits on any number of cores.
package likelihood

import (
	"context"
	"fmt"
	"sync"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/internal/finite"
	"ergon/internal/parallel"
)

// rowsAtOnce is how many examples one core takes at a time.
const rowsAtOnce = 64

// LogLikelihood returns the mean of ln p(v) = -F(v) - ln Z over rows [n,V], in nats per
// example, n ≥ 1. Of binary data it is at most 0. Of units with a density it is that of a density.
func LogLikelihood(pool *parallel.Pool, m *boltzmann.Machine, rows []float32, lnZ float64) (float64, error) {
	f, err := FreeEnergies(pool, m, rows)
	if err != nil {
		return 0, err
	}
	return -mean(f) - lnZ, nil
}

// FreeEnergies returns F(v) of each of rows [n,V], n ≥ 1, in nats. It works on the pool's
// cores; nil is the caller's alone.
func FreeEnergies(pool *parallel.Pool, m *boltzmann.Machine, rows []float32) ([]float64, error) {
	n, err := count(m, "rows", rows)
	if err != nil {
		return nil, err
	}
	f, v := make([]float64, n), len(m.Visible)
	eachRows(pool, n, func(lo, hi int) { m.FreeEnergies(f[lo:hi], rows[lo*v:hi*v]) })
	return f, nil
}

// eachRows calls body for all of n rows, some neighbouring ones [lo,hi) at a time.
func eachRows(pool *parallel.Pool, n int, body func(lo, hi int)) {
	pool.Run((n+rowsAtOnce-1)/rowsAtOnce, func(part int) {
		body(part*rowsAtOnce, min(n, (part+1)*rowsAtOnce))
	})
}

// each calls body(0) … body(n-1) on the pool's cores, and none more once the context has ended,
// whose error it returns. After each it tells the progress, one call at a time.
func each(ctx context.Context, pool *parallel.Pool, n int, progress func(done, total int), body func(part int)) error {
	var mutex sync.Mutex
	done := 0
	pool.Run(n, func(part int) {
		if ctx.Err() != nil {
			return
		}
		body(part)
		if progress != nil {
			mutex.Lock()
			defer mutex.Unlock()
			done++
			progress(done, n)
		}
	})
	return ctx.Err()
}

// check says why m is no machine.
func check(m *boltzmann.Machine) error {
	v, h := len(m.Visible), len(m.Hidden)
	switch {
	case m.VisibleUnits == nil || m.HiddenUnits == nil:
		return fmt.Errorf("likelihood: the machine does not say what kind its units are")
	case v == 0 || h == 0:
		return fmt.Errorf("likelihood: a machine of %d visible and %d hidden units; it takes one or more of each", v, h)
	case len(m.W) != v*h:
		return fmt.Errorf("likelihood: %d weights between %d visible and %d hidden units; want %d", len(m.W), v, h, v*h)
	case v%m.VisibleUnits.States() != 0 || h%m.HiddenUnits.States() != 0:
		return fmt.Errorf("likelihood: %d visible and %d hidden numbers are not whole units of %d and %d states", v, h, m.VisibleUnits.States(), m.HiddenUnits.States())
	case !finite.All(m.W) || !finite.All(m.Visible) || !finite.All(m.Hidden):
		return fmt.Errorf("likelihood: weights or biases are NaN or infinite: learning has diverged")
	}
	return nil
}

// count returns how many rows of the visible units x holds. What the rows are is for the error.
func count(m *boltzmann.Machine, what string, x []float32) (int, error) {
	if err := check(m); err != nil {
		return 0, err
	}
	v := len(m.Visible)
	switch {
	case len(x) == 0 || len(x)%v != 0:
		return 0, fmt.Errorf("likelihood: %s hold %d numbers; want one or more rows of %d visible units", what, len(x), v)
	case !finite.All(x):
		return 0, fmt.Errorf("likelihood: %s hold NaN or infinite numbers", what)
	}
	return len(x) / v, nil
}

// binary tells whether units are 0 or 1.
func binary(u unit.Unit) bool {
	switch u.(type) {
	case unit.Bernoulli, *unit.Bernoulli:
		return true
	}
	return false
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func widen(dst []float64, x []float32) {
	for i, v := range x {
		dst[i] = float64(v)
	}
}
