package committee

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
)

// weights returns vectors of n numbers whose scalar products over n are exactly c,
// in directions drawn at random; c has as many fields as n has numbers, or fewer.
func weights(c Covariance, n int, stream philox.Stream) ([][]float64, error) {
	if len(c) > n {
		return nil, fmt.Errorf("%d units do not have independent weights of %d inputs", len(c), n)
	}
	root, least := c.Root()
	if !(least >= -1e-9) {
		return nil, fmt.Errorf("no weights have these overlaps: their matrix has the eigenvalue %.3g", least)
	}
	axes := directions(len(c), n, stream)
	vectors := make([][]float64, len(c))
	for a := range vectors {
		vectors[a] = make([]float64, n)
		for j, axis := range axes {
			floats.AddScaled(vectors[a], root[a][j]*math.Sqrt(float64(n)), axis)
		}
	}
	return vectors, nil
}

// directions returns k orthonormal vectors of n numbers, uniform among them. What
// rounding leaves of one in another is taken out a second time.
func directions(k, n int, stream philox.Stream) [][]float64 {
	axes := make([][]float64, k)
	for j := range axes {
		axes[j] = make([]float64, n)
		for i := range n {
			axes[j][i] = stream.Normal(uint64(j), uint64(i))
		}
		for range 2 {
			for _, before := range axes[:j] {
				floats.AddScaled(axes[j], -floats.Dot(before, axes[j]), before)
			}
			floats.Scale(1/floats.Norm(axes[j], 2), axes[j])
		}
	}
	return axes
}

// Random returns the overlaps of k units, whose n weights each are drawn from
// N(0, deviation²), with each other and with m orthonormal ones of a teacher. All
// are equal but for differences of the order 1/√n.
func Random(k, m, n int, deviation float64, stream philox.Stream) State {
	s := NewState(k, m)
	w := make([][]float32, k)
	for i := range w {
		w[i] = make([]float32, n)
		stream.Normals(uint64(i), 0, w[i])
	}
	for i := range w {
		s.V[i] = 1
		for j := range i + 1 {
			for x := range w[i] {
				s.Q[i][j] += deviation * deviation * float64(w[i][x]) * float64(w[j][x]) / float64(n)
			}
			s.Q[j][i] = s.Q[i][j]
		}
		for a := range min(m, n) {
			s.R[i][a] = deviation * float64(w[i][a]) / math.Sqrt(float64(n))
		}
	}
	return s
}
