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
		x, delta side
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
	s.scratch.x, s.scratch.delta = newSide(s.left, rank, in), newSide(s.right, rank, out)
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
	if !t.x.load(x) || !t.delta.load(delta) {
		return 0
	}
	resolve(&t.x, &t.delta)
	q := s.rank + 1
	for i := range q {
		for j := range q {
			t.core.u[i*q+j] = t.x.coordinates[i] * t.delta.coordinates[j]
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
	return changed + int64(simd.Turn(s.left, t.rows[0], t.x.rest, t.next)) + int64(simd.Turn(s.right, t.rows[1], t.delta.rest, t.next))
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
