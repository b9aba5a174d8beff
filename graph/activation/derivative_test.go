package activation

import (
	"math"
	"testing"

	"ergon/internal/schema/schematest"
)

// Derivatives hold over the whole range of float32 activity, deep into
// saturation: a rule that counts changes must not take a small error for none.
func TestDerivativesInSaturation(t *testing.T) {
	const few = 3 // wrong ones are shown of a kind
	for _, variant := range schematest.Variants(t, Kinds) {
		a, wrong := variant.Value, 0
		for z := -10.05; z < 10.1 && wrong < few; z += 0.1 { // clear of the kinks at 0
			v := z
			if a.FromOutput() {
				v = float64(float32(a.F(z)))
			}
			// The five-point difference: off by h⁴/30 of the fifth derivative, some 1e-13,
			// and by what F rounds, some 1e-16·|F|/h.
			const h = 1e-3
			want := (a.F(z-2*h) - 8*a.F(z-h) + 8*a.F(z+h) - a.F(z+2*h)) / (12 * h)
			if got := a.Derivative(v); math.Abs(got-want) > 1e-6*math.Abs(want)+1e-11 {
				t.Errorf("%s at %.2f: derivative %v, difference %v", variant.Name, z, got, want)
				wrong++
			}
		}
	}
}
