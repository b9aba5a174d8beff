package cubic

import (
	"math"
	"testing"
)

// A cubic goes through itself; the fourth derivative bounds the error elsewhere.
func TestThrough(t *testing.T) {
	want := Cubic{3, -2, 0.5, 7}
	same, wave := Through(want.At), Through(math.Sin)
	for i := range 101 {
		u := float64(i) / 100
		if math.Abs(same.At(u)-want.At(u)) > 1e-13 {
			t.Fatalf("cubic at %v: %v, want %v", u, same.At(u), want.At(u))
		}
		if math.Abs(wave.At(u)-math.Sin(u)) > math.Sin(1)/3072 {
			t.Fatalf("sine at %v: %v, want %v", u, wave.At(u), math.Sin(u))
		}
	}
}
