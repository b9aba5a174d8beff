package tails

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, precision float64) {
	t.Helper()
	if !(math.Abs(got-want) <= precision*math.Abs(want)) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// Of what is selected beyond c, the part at c itself has x² = c²: dA = c²·dP, dB = c·dP.
func TestBeyond(t *testing.T) {
	const h = 1e-4
	for _, c := range []float64{0.1, 0.7, 1.6449, 3} {
		up, down := Beyond(c+h), Beyond(c-h)
		near(t, "dA/dP", (up.Square-down.Square)/(up.Share-down.Share), c*c, 1e-6)
		near(t, "dB/dP", (up.Size-down.Size)/(up.Share-down.Share), c, 1e-6)
		near(t, "dP/dc", (up.Share-down.Share)/(2*h), -2*Density(c), 1e-6)
	}
	if all := Beyond(0); math.Abs(all.Square-1)+math.Abs(all.Share-1)+math.Abs(all.Size-math.Sqrt(2/math.Pi)) > 1e-15 {
		t.Errorf("beyond 0: %v", all)
	}
	if far := Beyond(math.Inf(1)); far != (Tail{}) {
		t.Errorf("beyond all numbers: %v", far)
	}
}

// The quantiles of tables.
func TestLargest(t *testing.T) {
	for share, want := range map[float64]float64{0.1: 1.6448536, 0.05: 1.9599640, 0.5: 0.6744898} {
		cut, tail := Largest(share)
		near(t, "cut", cut, want, 1e-7)
		near(t, "P(cut)", Beyond(cut).Share, tail.Share, 1e-13)
	}
	if cut, all := Largest(1); cut != 0 || all.Square != 1 {
		t.Errorf("all: cut %v, %v", cut, all)
	}
}
