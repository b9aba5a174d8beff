package sparse

import (
	"math"
	"testing"
)

// The share of groups that are multiplied is 1 - (1-s)^g where a share s of A, at
// random, is not zero, and the same for any A of which every column is as dense.
func TestShare(t *testing.T) {
	for _, share := range []float64{0, 0.1, 0.3, 0.7, 1} {
		for _, p := range []Product{sample(500, 1, 784, false, share), sample(784, 1, 500, true, share)} {
			for group := 1; group <= 3; group++ {
				want := 1 - math.Pow(1-share, float64(group))
				if got := p.share(group); math.Abs(got-want) > 0.05 { // some thousand groups are looked at
					t.Errorf("share %v, transposed %t, groups of %d: %v is multiplied, want %v", share, p.TransA, group, got, want)
				}
			}
		}
	}
}

// Whatever part of an image is dark, the sample sees as much of it as there is.
func TestShareLooksEverywhere(t *testing.T) {
	for width := 100; width < 1100; width += 37 {
		p := Product{M: 1000, K: width, A: make([]float32, 1000*width)}
		for i := range p.A {
			if i%width < width/2 {
				p.A[i] = 1
			}
		}
		for group := 1; group <= 3; group++ {
			if got := p.share(group); math.Abs(got-0.5) > 0.15 {
				t.Errorf("width %d, groups of %d: %v is multiplied, want a half", width, group, got)
			}
		}
	}
}

func TestShareOfTheSmallest(t *testing.T) {
	for n := range 9 {
		p := Product{M: 1, K: n + 1, A: mostlyZero("a", n+1, 1)}
		if got := p.share(3); got != 1 {
			t.Errorf("%d numbers: %v", n+1, got)
		}
	}
}
