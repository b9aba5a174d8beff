package stochastic

import (
	"math"

	"ergon/internal/cubic"
)

// reliability has σ = log(1+e^φ) of a synapse, and the derivatives of σ and of its cost
// c·σ^-ρ, as functions of φ. Each synapse needs them in each step, so they are
// tabulated as piecewise cubics for |φ| < 32, that is σ down to 10⁻¹⁴.
type reliability struct {
	rho, cost float64
	pieces    [64 * piecesPerUnit]struct{ sigma, slope, costSlope cubic.Cubic }
}

// piecesPerUnit is the number of cubics in an interval of φ of length 1. The relative
// error of σ is below 3·10⁻¹⁰, that of the cost's slope below (ρ+1)⁴ times that.
const piecesPerUnit = 32

func newReliability(rho, cost float64) *reliability {
	r := &reliability{rho: rho, cost: cost}
	for p := range r.pieces {
		piece := &r.pieces[p]
		phi := func(u float64) float64 { return (float64(p)+u)/piecesPerUnit - 32 }
		piece.sigma = cubic.Through(func(u float64) float64 { return softplus(phi(u)) })
		piece.slope = cubic.Through(func(u float64) float64 { return logistic(phi(u)) })
		piece.costSlope = cubic.Through(func(u float64) float64 { return r.costSlope(phi(u)) })
	}
	return r
}

// sigma returns σ.
func (r *reliability) sigma(phi float32) float32 {
	p, u := r.place(phi)
	if p < 0 {
		return float32(softplus(float64(phi)))
	}
	return float32(r.pieces[p].sigma.At(u))
}

// derivatives returns dσ/dφ and d(cσ^-ρ)/dφ.
func (r *reliability) derivatives(phi float32) (slope, costSlope float64) {
	p, u := r.place(phi)
	if p < 0 {
		return logistic(float64(phi)), r.costSlope(float64(phi))
	}
	piece := &r.pieces[p]
	return piece.slope.At(u), piece.costSlope.At(u)
}

// place returns the number of the piece that φ is in, -1 if the table does not reach so
// far, and the position in it, 0 … 1.
func (r *reliability) place(phi float32) (piece int, u float64) {
	x := (float64(phi) + 32) * piecesPerUnit
	if !(x >= 0 && x < float64(len(r.pieces))) {
		return -1, 0
	}
	piece = int(x)
	return piece, x - float64(piece)
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
