package accumulate

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"ergon/internal/philox"
)

// normals are random numbers.
func normals(step uint64, n int) []float32 {
	numbers := make([]float32, n)
	philox.New(5, "test").Normals(step, 0, numbers)
	return numbers
}

// The decomposition has the singular values of gonum's, and its product is the matrix, also where that is
// singular.
func TestDecompositionIsGonums(t *testing.T) {
	for n := 1; n < 9; n++ {
		for rank := range n + 1 {
			matrix := make([]float64, n*n)
			for k := range rank {
				a, b := normals(uint64(100*n+k), n), normals(uint64(100*n+50+k), n)
				for i := range matrix {
					matrix[i] += float64(a[i/n]) * float64(b[i%n])
				}
			}
			d := newDecomposition(n)
			copy(d.u, matrix)
			d.decompose()
			var svd mat.SVD
			svd.Factorize(mat.NewDense(n, n, append([]float64(nil), matrix...)), mat.SVDNone)
			for k, want := range svd.Values(nil) {
				if math.Abs(d.values[k]-want) > 1e-13*(1+svd.Values(nil)[0]) {
					t.Errorf("%d×%d of rank %d: singular value %d is %v, want %v", n, n, rank, k, d.values[k], want)
				}
			}
			for i, want := range matrix {
				sum := 0.0
				for k, value := range d.values {
					sum += d.u[i/n*n+k] * value * d.v[i%n*n+k]
				}
				if math.Abs(sum-want) > 1e-13*(1+d.values[0]) {
					t.Fatalf("%d×%d of rank %d: entry %d of the product is %v, want %v", n, n, rank, i, sum, want)
				}
			}
		}
	}
}

// dense returns the sum of the outer products of pairs by number.
func dense(in, out int, pairs ...int) []float64 {
	sum := make([]float64, in*out)
	for _, k := range pairs {
		x, delta := normals(uint64(2*k), in), normals(uint64(2*k+1), out)
		for i := range sum {
			sum[i] += float64(x[i/out]) * float64(delta[i%out])
		}
	}
	return sum
}

// As long as there are no more pairs than the rank, the sum is exact.
func TestSumsOfLowRankAreExact(t *testing.T) {
	const in, out, rank = 9, 6, 4
	s := newRankSum(rank, in, out)
	for n := range rank {
		s.add(normals(uint64(2*n), in), normals(uint64(2*n+1), out), 0)
	}
	s.add(make([]float32, in), normals(1, out), 0) // which adds nothing
	g := make([]float32, in*out)
	s.expand(g)
	for i, want := range dense(in, out, 0, 1, 2, 3) {
		if math.Abs(float64(g[i])-want) > 1e-5 {
			t.Fatalf("entry %d is %v, want %v", i, g[i], want)
		}
	}
}

// Over all signs the mean of what is kept of one pair too many is exact; what a single choice of signs keeps is
// not, and has no higher rank.
func TestMixedSumsKeepTheirMean(t *testing.T) {
	for _, rank := range []int{1, 2, 4} {
		const in, out = 9, 6
		begin := newRankSum(rank, in, out)
		var all []int
		for n := range rank {
			begin.add(normals(uint64(2*n), in), normals(uint64(2*n+1), out), 0)
			all = append(all, n)
		}
		want, mean := dense(in, out, append(all, rank)...), make([]float64, in*out)
		signs := uint32(1) << (rank + 1)
		for each := range signs {
			s := newRankSum(rank, in, out)
			copy(s.kept, begin.kept)
			s.add(normals(uint64(2*rank), in), normals(uint64(2*rank+1), out), each)
			g, off := make([]float32, in*out), 0.0
			s.expand(g)
			for i, x := range g {
				mean[i] += float64(x) / float64(signs)
				off = max(off, math.Abs(float64(x)-want[i]))
			}
			if off < 0.01 {
				t.Errorf("rank %d: a sum of %d pairs is exact", rank, rank+1)
			}
			orthonormal(t, &s)
		}
		for i, x := range mean {
			if math.Abs(x-want[i]) > 1e-5 {
				t.Errorf("rank %d: the mean of entry %d is %v, want %v", rank, i, x, want[i])
			}
		}
	}
}

// orthonormal checks the directions of a sum.
func orthonormal(t *testing.T, s *rankSum) {
	t.Helper()
	for _, directions := range [][]float32{s.left, s.right} {
		width := len(directions) / s.rank
		for a := range s.rank {
			for b := range s.rank {
				dot := 0.0
				for i := range width {
					dot += float64(directions[a*width+i]) * float64(directions[b*width+i])
				}
				if want := map[bool]float64{true: 1}[a == b]; math.Abs(dot-want) > 1e-6 {
					t.Fatalf("directions %d and %d have the product %v", a, b, dot)
				}
			}
		}
	}
}

// Of biases, an array of rank 1, any number of pairs is exact.
func TestSumsOfBiasesAreExact(t *testing.T) {
	const out, pairs = 6, 50
	s, want, signs := newRankSum(4, 1, out), make([]float64, out), philox.New(2, "test")
	for n := range uint64(pairs) {
		delta := normals(n, out)
		for i, x := range delta {
			want[i] += float64(x)
		}
		s.add([]float32{1}, delta, signs.Uint32(n, 0))
	}
	g := make([]float32, out)
	s.expand(g)
	for i := range g {
		if math.Abs(float64(g[i])-want[i]) > 1e-5 {
			t.Errorf("bias %d is %v, want %v", i, g[i], want[i])
		}
	}
}
