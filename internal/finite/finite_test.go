package finite

import (
	"math"
	"testing"
)

func TestFinite(t *testing.T) {
	for _, x := range []float64{0, -1, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		if p := OrNil(x); !Is(x) || p == nil || *p != x {
			t.Errorf("%v is finite", x)
		}
	}
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if Is(x) || OrNil(x) != nil || All([]float32{1, float32(x), 2}) {
			t.Errorf("%v is not finite", x)
		}
	}
	if !All(nil) || !All([]float32{0, math.MaxFloat32}) {
		t.Error("finite numbers are taken for others")
	}
}
