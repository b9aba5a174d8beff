package entropy

import "math"

// CostaHero estimates S in nats, up to a constant that d and k give, from the length of the graph
// that joins each of n vectors with its k nearest neighbours,
//
//	S = d·[ln L - (1 - 1/d)·ln n],   L = Σ_i Σ_{j among the k nearest of i} |v_i - v_j|,
//
// where d is the dimension of what the vectors lie on. (Costa and Hero 2004, with γ = 1.) It is
// -∞ if all vectors are at one place.
func (n *Neighbours) CostaHero(k, d int) float64 {
	length := 0.0
	for _, row := range n.Distances {
		for _, distance := range row[:k] {
			length += distance
		}
	}
	dimension := float64(d)
	return dimension * (math.Log(length) - (1-1/dimension)*math.Log(float64(len(n.Distances))))
}
