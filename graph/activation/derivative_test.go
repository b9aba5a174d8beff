package activation

import (
	"math"
	"testing"
)

// Derivatives hold over the whole range of float32 activity, deep into
// saturation: a rule that counts changes must not take a small error for none.
func TestDerivativesInSaturation(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		a, _ := Kinds.New(kind.Name)
		for z := -10.05; z < 10.1; z += 0.1 { // clear of the kinks at 0
			v := z
			if a.FromOutput() {
				v = float64(float32(a.F(z)))
			}
			const h = 1e-4
			want := (a.F(z+h) - a.F(z-h)) / (2 * h)
			// The difference itself is good to h² and to the rounding of F.
			if got := a.Derivative(v); math.Abs(got-want) > 1e-6*math.Abs(want)+1e-11 {
				t.Errorf("%s at %.2f: derivative %v, central difference %v", kind.Name, z, got, want)
			}
		}
	}
}
