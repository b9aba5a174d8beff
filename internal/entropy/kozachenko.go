package entropy

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// KozachenkoLeonenko estimates S in nats from the distance ρ of each of n vectors from its
// k-th nearest neighbour,
//
//	S = d·⟨ln ρ⟩ + ln V_d + ψ(n) - ψ(k),   V_d = π^{d/2}/Γ(d/2+1),
//
// where d is the dimension of what the vectors lie on: on a sphere one less than theirs.
// (Kozachenko and Leonenko 1987.) It is -∞ if k neighbours of a vector are at its
// place. The density should hardly change within ρ; in many dimensions, where it takes more
// vectors than there are to reach that, only differences of S mean something.
func (n *Neighbours) KozachenkoLeonenko(k, d int) float64 {
	sum := 0.0
	for _, row := range n.Distances {
		sum += math.Log(row[k-1])
	}
	count, dimension := float64(len(n.Distances)), float64(d)
	return dimension*sum/count + lnBall(dimension) + mathext.Digamma(count) - mathext.Digamma(float64(k))
}

// lnBall returns ln V_d, the volume of the ball of radius 1 in d dimensions.
func lnBall(d float64) float64 {
	gamma, _ := math.Lgamma(d/2 + 1)
	return d/2*math.Log(math.Pi) - gamma
}
