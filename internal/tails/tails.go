// Package tails has what lies in the tails of a normal number: moments of x ~ N(0,1)
// where |x| is above a cut.
package tails

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Tail holds means over x ~ N(0,1) of what is selected of x, with 0 for the rest.
type Tail struct {
	Square float64 // ⟨x²⟩
	Share  float64 // ⟨1⟩, the chance to be selected
	Size   float64 // ⟨|x|⟩
}

// Beyond returns the tail of |x| > c, 0 ≤ c:
//
//	A(c) = 2[c·φ(c) + Q(c)],   P(c) = 2Q(c),   B(c) = 2φ(c),
//
// φ the normal density and Q its upper tail.
func Beyond(c float64) Tail {
	c = min(c, 1e3) // beyond which there is nothing
	density, share := Density(c), math.Erfc(c/math.Sqrt2)
	return Tail{Square: 2*c*density + share, Share: share, Size: 2 * density}
}

// Largest returns the cut beyond which there is this share, and its tail.
func Largest(share float64) (cut float64, tail Tail) {
	if share < 1 {
		cut = mathext.NormalQuantile(1 - share/2)
	}
	tail = Beyond(cut)
	tail.Share = share // without rounding
	return cut, tail
}

// Times returns the tail of the product of two independent numbers where both are selected.
func (t Tail) Times(other Tail) Tail {
	return Tail{t.Square * other.Square, t.Share * other.Share, t.Size * other.Size}
}

// Add adds weight times the tail of scale·x.
func (t *Tail) Add(weight, scale float64, of Tail) {
	t.Square += weight * scale * scale * of.Square
	t.Share += weight * of.Share
	t.Size += weight * scale * of.Size
}

// Density is φ(c), that of a normal number at c.
func Density(c float64) float64 { return math.Exp(-c*c/2) / math.Sqrt(2*math.Pi) }
