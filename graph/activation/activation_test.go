package activation

import (
	"math"
	"testing"

	"ergon/internal/schema/schematest"
)

// Forward and Backward give the definition's numbers to within one float32, at every z and
// for arrays of any length, whether a kind has loops of its own or not. At an infinite z
// they may give NaN: a network that has diverged must show it.
func TestVectorised(t *testing.T) {
	var z []float32
	for x := -110.0; x < 110; x += 0.0173 {
		z = append(z, float32(x), float32(x/1000), float32(math.Exp(x)), -float32(math.Exp(x)))
	}
	inf := float32(math.Inf(1))
	for _, length := range []int{1, block - 1, block, 2*block + 5, len(z)} {
		z := append(append([]float32(nil), z[len(z)-length:]...), 0, float32(math.Copysign(0, -1)), inf, -inf, float32(math.NaN()))
		for _, variant := range schematest.Variants(t, Kinds) {
			a := variant.Value
			y, dz, dy := append([]float32(nil), z...), make([]float32, len(z)), make([]float32, len(z))
			Forward(a, y)
			for i := range dy {
				dy[i] = float32(i%7) - 3
			}
			v := z
			if a.FromOutput() {
				v = y
			}
			Backward(a, dz, dy, v)
			for i, x := range z {
				near(t, a, "f", x, y[i], float32(a.F(float64(x))))
				near(t, a, "dy·f'", x, dz[i], dy[i]*float32(a.Derivative(float64(v[i]))))
			}
		}
	}
}

func near(t *testing.T, a Activation, what string, x, got, want float32) {
	t.Helper()
	if got == want || got != got && (want != want || math.IsInf(float64(x), 0)) {
		return
	}
	if math.Abs(float64(got-want)) > 1.2e-7*math.Abs(float64(want))+1.5e-45 || got*want < 0 {
		t.Fatalf("%s: %s at %v = %v, want %v", Kinds.Name(a), what, x, got, want)
	}
}

func BenchmarkActivation(b *testing.B) {
	z, y := make([]float32, 4096), make([]float32, 4096)
	for i := range z {
		z[i] = float32(i%97)/20 - 2.4
	}
	for _, kind := range Kinds.Kinds() {
		a, _ := Kinds.New(kind.Name)
		b.Run(kind.Name, func(b *testing.B) {
			b.SetBytes(int64(4 * len(z)))
			for b.Loop() {
				copy(y, z)
				Forward(a, y)
				Backward(a, y, y, z)
			}
		})
	}
}
