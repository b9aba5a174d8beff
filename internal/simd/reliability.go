package simd

import "ergon/internal/cubic"

// Reliability tabulates functions of φ, one of each of many synapses, by cubics in pieces of
// [-32, 32) of equal width: σ(φ), its slope dσ/dφ, and the slope of a cost of σ.
type Reliability struct {
	Sigma  [64 * PiecesPerUnit]cubic.Cubic
	Slopes [64 * PiecesPerUnit]struct{ Sigma, Cost cubic.Cubic }
}

// PiecesPerUnit is the number of pieces in an interval of φ of length 1.
const PiecesPerUnit = 32

// least is the φ at which the first piece begins.
const least = -32

// Sigmas writes σ(φ) to sigma, as far as φ is within the table, and returns for how many:
// those before the first that is not. sigma is at least as long as phi.
func (r *Reliability) Sigmas(sigma, phi []float32) int {
	sigma = sigma[:len(phi)]
	done := sigmasVectors(sigma, phi, r)
	for i, v := range phi[done:] {
		p, u := r.Place(v)
		if p < 0 {
			return done + i
		}
		sigma[done+i] = float32(r.Sigma[p].At(u))
	}
	return len(phi)
}

// Errors writes the gradients g·ξ·dσ/dφ + slope of the cost to errors, as far as φ is within
// the table, and returns for how many, as Sigmas does. All are at least as long as phi.
func (r *Reliability) Errors(errors, phi, g, xi []float32) int {
	errors, g, xi = errors[:len(phi)], g[:len(phi)], xi[:len(phi)]
	done := errorsVectors(errors, phi, g, xi, r)
	for i := done; i < len(phi); i++ {
		p, u := r.Place(phi[i])
		if p < 0 {
			return i
		}
		piece := &r.Slopes[p]
		errors[i] = NoiseError(g[i], xi[i], piece.Sigma.At(u), piece.Cost.At(u))
	}
	return len(phi)
}

// NoiseError returns the gradient g·ξ·slope + costSlope of one synapse. The conversion
// forbids fused multiply-add.
func NoiseError(g, xi float32, slope, costSlope float64) float32 {
	return float32(float64(float64(g)*float64(xi)*slope) + costSlope)
}

// Place returns the number of the piece that φ is in, -1 if the table does not reach so
// far, and the position in it, 0 … 1.
func (r *Reliability) Place(phi float32) (piece int, u float64) {
	x := (float64(phi) - least) * PiecesPerUnit
	if !(x >= 0 && x < float64(len(r.Sigma))) {
		return -1, 0
	}
	piece = int(x)
	return piece, x - float64(piece)
}
