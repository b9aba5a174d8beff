package stochastic

import (
	"math"

	"ergon/internal/cubic"
	"ergon/internal/simd"
)

// reliability has σ = log(1+e^φ) of a synapse, and the derivatives of σ and of its cost
// c·σ^-ρ, as functions of φ. Each synapse needs them in each step, so they are
// tabulated as piecewise cubics for |φ| < 32, that is σ down to 10⁻¹⁴. The relative
// error of σ is below 3·10⁻¹⁰, that of the cost's slope below (ρ+1)⁴ times that.
type reliability struct {
	rho, cost float64
	table     simd.Reliability
}

func newReliability(rho, cost float64) *reliability {
	r := &reliability{rho: rho, cost: cost}
	for p := range r.table.Sigma {
		phi := func(u float64) float64 { return (float64(p)+u)/simd.PiecesPerUnit - 32 }
		r.table.Sigma[p] = cubic.Through(func(u float64) float64 { return softplus(phi(u)) })
		r.table.Slopes[p].Sigma = cubic.Through(func(u float64) float64 { return logistic(phi(u)) })
		r.table.Slopes[p].Cost = cubic.Through(func(u float64) float64 { return r.costSlope(phi(u)) })
	}
	return r
}

// sigmas writes σ of each φ to sigma.
func (r *reliability) sigmas(sigma, phi []float32) {
	for i := 0; i < len(phi); i++ {
		if i += r.table.Sigmas(sigma[i:], phi[i:]); i < len(phi) { // beyond the table
			sigma[i] = float32(softplus(float64(phi[i])))
		}
	}
}

// gradients writes ∂E/∂φ = g·ξ·dσ/dφ + d(cσ^-ρ)/dφ of each synapse to errors, with
// g = ∂loss/∂w.
func (r *reliability) gradients(errors, phi, g, xi []float32) {
	for i := 0; i < len(phi); i++ {
		if i += r.table.Errors(errors[i:], phi[i:], g[i:], xi[i:]); i < len(phi) { // beyond the table
			slope, costSlope := r.derivatives(phi[i])
			errors[i] = simd.NoiseError(g[i], xi[i], slope, costSlope)
		}
	}
}

// sigma returns σ.
func (r *reliability) sigma(phi float32) float32 {
	var sigma [1]float32
	r.sigmas(sigma[:], []float32{phi})
	return sigma[0]
}

// derivatives returns dσ/dφ and d(cσ^-ρ)/dφ.
func (r *reliability) derivatives(phi float32) (slope, costSlope float64) {
	p, u := r.table.Place(phi)
	if p < 0 {
		return logistic(float64(phi)), r.costSlope(float64(phi))
	}
	piece := &r.table.Slopes[p]
	return piece.Sigma.At(u), piece.Cost.At(u)
}

// costSlope returns d(cσ^-ρ)/dφ.
func (r *reliability) costSlope(phi float64) float64 {
	if r.cost == 0 {
		return 0
	}
	return -r.cost * r.rho * math.Pow(softplus(phi), -r.rho-1) * logistic(phi)
}

// softplus returns log(1+e^φ).
func softplus(phi float64) float64 { return max(phi, 0) + math.Log1p(math.Exp(-math.Abs(phi))) }

// logistic returns 1/(1+e^-φ), the derivative of softplus.
func logistic(phi float64) float64 { return 1 / (1 + math.Exp(-phi)) }

// inverseSoftplus returns the φ of σ, log(e^σ-1).
func inverseSoftplus(sigma float64) float64 { return sigma + math.Log(-math.Expm1(-sigma)) }
