package theory_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// A decay and an oscillation follow their solutions, the better the smaller the
// tolerance, at times that no step would have chosen.
func TestIntegrate(t *testing.T) {
	f := func(_ float64, y, slope []float64) { slope[0], slope[1], slope[2] = -0.5*y[0], y[2], -y[1] }
	times := []float64{1, 1, 1.001, 2.5, 2.5000001, 11}
	for _, tolerance := range []float64{1e-4, 1e-7, 1e-10, 1e-13} {
		solution, err := theory.SolveODE(context.Background(), f, []float64{3, 0, 1}, times, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		for i, y := range solution {
			at := times[i] - 1
			for k, want := range []float64{3 * math.Exp(-0.5*at), math.Sin(at), math.Cos(at)} {
				if math.Abs(y[k]-want) > 40*tolerance+1e-14 {
					t.Errorf("tolerance %g: y[%d](%g) = %.16g, want %.16g", tolerance, k, at, y[k], want)
				}
			}
		}
	}
}

// Time enters, and a slope that vanishes is followed as well.
func TestIntegrateTime(t *testing.T) {
	f := func(t float64, _, slope []float64) { slope[0], slope[1] = 5*t*t*t*t, 0 }
	solution, err := theory.SolveODE(context.Background(), f, []float64{0, 7}, []float64{0, 2}, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	theorytest.Near(t, "∫5t⁴", solution[1][0], 32, 1e-13) // a quintic is exact
	theorytest.Near(t, "a constant", solution[1][1], 7, 0)
}

// What becomes infinite in a finite time is an error that says when.
func TestIntegrateDiverges(t *testing.T) {
	square := func(_ float64, y, slope []float64) { slope[0] = y[0] * y[0] }
	_, err := theory.SolveODE(context.Background(), square, []float64{1}, []float64{0, 2}, 1e-8)
	if err == nil || !strings.Contains(err.Error(), "beyond t = 1") && !strings.Contains(err.Error(), "beyond t = 0.99") {
		t.Errorf("y' = y² beyond its pole at t = 1: error %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := theory.SolveODE(ctx, square, []float64{1}, []float64{0, 0.5}, 1e-8); !errors.Is(err, context.Canceled) {
		t.Errorf("after its end: error %v", err)
	}
}
