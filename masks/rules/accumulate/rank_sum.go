package accumulate

import (
	"math"

	"ergon/internal/simd"
)

// rankSum is a sum of outer products x ⊗ δ, of x [in] and δ [out], kept as Σ_k values_k left_k ⊗ right_k
// with orthonormal left_k and right_k.
type rankSum struct {
	rank, in, out int
	kept          []float32 // left, right and values, one after the other
	left          []float32 // [rank,in]
	right         []float32 // [rank,out]
	values        []float32 // [rank]
	scratch       struct {
		x, delta []float64 // what of the pair is new
		a, b     []float64 // coordinates of the pair
		core     decomposition
		rows     [2][]float64 // how the next directions are made of the present ones, [rank,rank+1]
		next     []float32
	}
}

func newRankSum(rank, in, out int) rankSum {
	rank = min(rank, in, out)
	s := rankSum{rank: rank, in: in, out: out, kept: make([]float32, rank*(in+out+1))}
	s.left, s.right, s.values = s.kept[:rank*in], s.kept[rank*in:rank*(in+out)], s.kept[rank*(in+out):]
	q := rank + 1
	s.scratch.x, s.scratch.delta = make([]float64, in), make([]float64, out)
	s.scratch.a, s.scratch.b = make([]float64, q), make([]float64, q)
	s.scratch.core = newDecomposition(q)
	s.scratch.rows = [2][]float64{make([]float64, rank*q), make([]float64, rank*q)}
	s.scratch.next = make([]float32, rank*max(in, out))
	return s
}

// clear makes the sum 0, and returns how many of the numbers kept were not.
func (s *rankSum) clear() (changed int64) {
	for _, x := range s.kept {
		if x != 0 {
			changed++
		}
	}
	clear(s.kept)
	return changed
}

// add adds x ⊗ δ. Bits of signs are random signs. It returns how many of the numbers kept have changed.
func (s *rankSum) add(x, delta []float32, signs uint32) (changed int64) {
	t := &s.scratch
	if !resolve(t.a, t.x, x, s.left) || !resolve(t.b, t.delta, delta, s.right) {
		return 0
	}
	q := s.rank + 1
	for i := range q {
		for j := range q {
			t.core.u[i*q+j] = t.a[i] * t.b[j]
		}
		if i < s.rank {
			t.core.u[i*q+i] += float64(s.values[i])
		}
	}
	t.core.decompose()
	values := t.core.reduce(t.rows, signs)
	for k, value := range values {
		if v := float32(value); v != s.values[k] {
			s.values[k] = v
			changed++
		}
	}
	return changed + int64(simd.Turn(s.left, t.rows[0], t.x, t.next)) + int64(simd.Turn(s.right, t.rows[1], t.delta, t.next))
}

// resolve writes the coordinates of a vector in orthonormal directions [rank,width] to coordinates, and that of
// a new direction, which it writes to rest, at their end. It is twice Gram-Schmidt, since once loses the
// orthogonality of a small rest. It returns false if the vector is 0.
func resolve(coordinates, rest []float64, vector, directions []float32) bool {
	for i, x := range vector {
		rest[i] = float64(x)
	}
	clear(coordinates)
	length, last := norm(rest), len(coordinates)-1
	if length == 0 {
		return false
	}
	for range 2 {
		for k := range last {
			direction := directions[k*len(rest) : (k+1)*len(rest)]
			dot := 0.0
			for i, d := range direction {
				dot += rest[i] * float64(d)
			}
			coordinates[k] += dot
			for i, d := range direction {
				rest[i] -= float64(dot * float64(d))
			}
		}
	}
	left := norm(rest)
	if left <= 1e-6*length { // what is left is rounding: directions are float32
		clear(rest)
		return true
	}
	coordinates[last] = left
	for i := range rest {
		rest[i] /= left
	}
	return true
}

// norm returns the Euclidean length of a vector.
func norm(v []float64) float64 {
	square := 0.0
	for _, x := range v {
		square += float64(x * x)
	}
	return math.Sqrt(square)
}

// expand writes the sum to g [in,out].
func (s *rankSum) expand(g []float32) {
	clear(g)
	for i := range s.in {
		for k, value := range s.values {
			simd.AddScaled(g[i*s.out:(i+1)*s.out], s.right[k*s.out:], value*s.left[k*s.in+i])
		}
	}
}
