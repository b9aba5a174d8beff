package stochastic

import (
	"math"
	"testing"
)

// Inside and outside of its range, the table equals the functions to float32's precision
// or (ρ+1)⁴·3·10⁻¹⁰.
func TestReliabilityTable(t *testing.T) {
	near := func(got, want, relative float64) bool {
		return got == want || math.Abs(got-want) <= relative*math.Abs(want)
	}
	for _, rho := range []float64{1. / 2, 2. / 3, 4. / 3, 2, 6} {
		r := newReliability(rho, 1e-3)
		for i := range 100_001 {
			phi := float32(i-50_000) * 0.0007 // ±35
			slope, costSlope := r.derivatives(phi)
			wide := float64(phi)
			sigma := math.Log1p(math.Exp(wide))
			if got := float64(r.sigma(phi)); !near(got, sigma, 1e-7) {
				t.Fatalf("σ(%v) = %v, want %v", phi, got, sigma)
			}
			if want := 1 / (1 + math.Exp(-wide)); !near(slope, want, 1e-9) {
				t.Fatalf("dσ/dφ(%v) = %v, want %v", phi, slope, want)
			}
			want := -1e-3 * rho * math.Pow(sigma, -rho-1) / (1 + math.Exp(-wide))
			if !near(costSlope, want, 1e-9*math.Pow(rho+1, 4)) {
				t.Fatalf("d(cσ^-%v)/dφ(%v) = %v, want %v", rho, phi, costSlope, want)
			}
		}
	}
	for _, sigma := range []float64{1e-30, 1e-4, 1, 50, 1e6} {
		if got := softplus(inverseSoftplus(sigma)); !near(got, sigma, 1e-13) {
			t.Errorf("softplus(inverseSoftplus(%v)) = %v", sigma, got)
		}
	}
}

func BenchmarkReliability(b *testing.B) {
	r, sum := newReliability(2, 1e-9), 0.0
	for i := range b.N {
		phi := -float32(i&1023) / 100
		slope, costSlope := r.derivatives(phi)
		sum += slope + costSlope + float64(r.sigma(phi))
	}
	_ = sum
}
