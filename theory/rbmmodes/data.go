package rbmmodes

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"ergon/internal/philox"
)

// data are examples with planted modes, and what the theory asks of them.
type data struct {
	centred  [][]float64 // [examples][V] v - ⟨v⟩
	mean     []float64   // [V] ⟨v⟩
	variance []float64   // [V] the diagonal of D, ⟨v⟩(1-⟨v⟩)
	growth   []float64   // [V] λ, the eigenvalues of C - D, the largest first
	modes    [][]float64 // [V][V] their eigenvectors u
}

// plant draws the examples. Example number e of 2n has the signs s_k = ±1, all combinations
// of them equally often, and units that are 1 with probability
//
//	P(v_i = 1) = q + √(q(1-q))·Σ_k m_k s_k ξ_i^k,
//
// whose covariance is q(1-q)·m_k² along each pattern. ξ_i^k is bit k of the number of the
// block in which unit i lies: the patterns are orthogonal to each other and to (1, …, 1).
// Examples come in pairs (s, u), (-s, 1-u) of signs and uniform numbers. At q = ½ the second
// is the complement of the first, and no third moment is left.
func (r *RBMModes) plant() *data {
	stream := philox.New(r.Seed, "rbm-modes/data")
	d := &data{centred: make([][]float64, r.Examples), mean: make([]float64, r.V), variance: make([]float64, r.V)}
	for e := range d.centred {
		d.centred[e] = make([]float64, r.V)
		for i := range r.V {
			uniform := stream.Float64(uint64(e/2), uint64(i))
			if e%2 == 1 {
				uniform = 1 - uniform
			}
			if uniform < r.probability(r.signs(e), i) {
				d.centred[e][i] = 1
			}
		}
	}
	for i := range r.V {
		for _, v := range d.centred {
			d.mean[i] += v[i] / float64(r.Examples)
		}
		d.variance[i] = d.mean[i] * (1 - d.mean[i])
	}
	for _, v := range d.centred {
		floats.Sub(v, d.mean)
	}
	d.diagonalise()
	return d
}

// signs returns the signs of example e: those of the pair, bits of its number, or their
// negatives. Over 2^K examples they are all combinations.
func (r *RBMModes) signs(e int) []float64 {
	s := make([]float64, len(r.Strengths))
	for k := range s {
		bit := e / 2 << 1 >> k & 1 // the first sign of a pair is the same in all pairs
		s[k] = float64(1-2*(e&1)) * float64(1-2*bit)
	}
	return s
}

// probability is that of unit i to be 1, given the signs.
func (r *RBMModes) probability(signs []float64, i int) float64 {
	sum := 0.0
	for k, m := range r.Strengths {
		sum += m * signs[k] * r.pattern(k, i)
	}
	return r.Mean + math.Sqrt(r.Mean*(1-r.Mean))*sum
}

// pattern returns ξ_i^k.
func (r *RBMModes) pattern(k, i int) float64 {
	block := i << len(r.Strengths) / r.V
	return float64(1 - 2*(block>>k&1))
}

// diagonalise finds the eigenvalues and eigenvectors of C - D.
func (d *data) diagonalise() {
	rows := mat.NewDense(len(d.centred), len(d.mean), nil)
	for e, v := range d.centred {
		rows.SetRow(e, v)
	}
	matrix := mat.NewSymDense(len(d.mean), nil)
	stat.CovarianceMatrix(matrix, rows, nil)
	scale := float64(len(d.centred)-1) / float64(len(d.centred)) // C is a mean over all examples
	matrix.ScaleSym(scale, matrix)
	for i, variance := range d.variance {
		matrix.SetSym(i, i, matrix.At(i, i)-variance)
	}
	var eigen mat.EigenSym
	eigen.Factorize(matrix, true)
	ascending := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for m := len(ascending) - 1; m >= 0; m-- {
		d.growth = append(d.growth, ascending[m])
		d.modes = append(d.modes, mat.Col(nil, m, &vectors))
	}
}
