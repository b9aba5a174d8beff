package datasets

import (
	"fmt"
	"math"
	"testing"
)

// The set is what the definition picks out of all 2^(k²) images, each once.
func TestBarsAndStripes(t *testing.T) {
	// The best mean log-likelihood, -ln(2^(k+1) - 2).
	for side, best := range map[int]float64{1: -0.6931, 2: -1.7918, 3: -2.6391, 4: -3.4012} {
		d, err := BarsAndStripes{Side: side}.Load(0)
		if err != nil {
			t.Fatal(err)
		}
		n := d.Train.Len()
		if got := -math.Log(float64(n)); math.Abs(got-best) > 5e-5 {
			t.Errorf("side %d: the best log-likelihood is %v of %d images, want %v", side, got, n, best)
		}
		want := map[string]float32{} // images and their orientation
		for number := range 1 << (side * side) {
			if image := bitsOf(number, side*side); rowsConstant(image, side) || rowsConstant(transposed(image, side), side) {
				want[fmt.Sprint(image)] = orientation(image, side)
			}
		}
		x, y := make([]float32, side*side), make([]float32, 1)
		for i := range n {
			d.Train.Gather([]int32{int32(i)}, x, len(x), y)
			target, ok := want[fmt.Sprint(x)]
			if !ok || target != y[0] {
				t.Errorf("side %d: image %d is %v with target %v: it is none, was there before, or has target %v", side, i, x, y[0], target)
			}
			delete(want, fmt.Sprint(x))
		}
		if len(want) > 0 {
			t.Errorf("side %d: %d images are missing: %v", side, len(want), want)
		}
		if d.Test != d.Train || d.Classes != 0 || d.Train.Labels() != nil {
			t.Errorf("side %d: %+v: want one set without classes", side, d)
		}
	}
}

// bitsOf returns the n lowest bits of a number.
func bitsOf(number, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(number >> i & 1)
	}
	return x
}

func rowsConstant(image []float32, side int) bool {
	for i, v := range image {
		if v != image[i/side*side] {
			return false
		}
	}
	return true
}

func transposed(image []float32, side int) []float32 {
	x := make([]float32, len(image))
	for i := range x {
		x[i] = image[i%side*side+i/side]
	}
	return x
}

// orientation is -1 for constant rows, 1 for constant columns, 0 for both.
func orientation(image []float32, side int) (target float32) {
	if rowsConstant(image, side) {
		target--
	}
	if rowsConstant(transposed(image, side), side) {
		target++
	}
	return target
}

func TestBarsAndStripesThatAreRefused(t *testing.T) {
	for want, s := range map[string]BarsAndStripes{
		"side: 0 rows and columns: want 1 to 16":  {},
		"side: 17 rows and columns: want 1 to 16": {Side: 17},
		"validation: nothing can be told by images that are held out: the test set is all images that there are; set 0": {Side: 3, Split: Split{1}},
	} {
		if _, err := s.Load(0); err == nil || err.Error() != want {
			t.Errorf("%+v: error %v, want %s", s, err, want)
		}
	}
}
