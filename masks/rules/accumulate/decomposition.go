package accumulate

import (
	"cmp"
	"math"
	"slices"
)

// decomposition is the singular value decomposition u·diag(values)·vᵀ of a small square matrix.
type decomposition struct {
	size   int
	u, v   []float64 // [size,size]
	values []float64 // descending
	order  []int
	mixed  []float64
}

func newDecomposition(size int) decomposition {
	return decomposition{
		size: size, u: make([]float64, size*size), v: make([]float64, size*size), values: make([]float64, size),
		order: make([]int, size), mixed: make([]float64, size),
	}
}

// decompose decomposes the matrix in u, by one-sided Jacobi rotations (Hestenes 1958): pairs of columns
// are rotated, and those of v with them, until all are orthogonal. Their lengths are the singular values.
// Columns of u that belong to singular values of 0 are 0.
func (d *decomposition) decompose() {
	n := d.size
	clear(d.v)
	for i := range n {
		d.v[i*n+i] = 1
	}
	const mostSweeps = 30 // the angles fall quadratically: six sweeps do
	for range mostSweeps {
		rotated := false
		for p := range n {
			for q := p + 1; q < n; q++ {
				rotated = d.orthogonalize(p, q) || rotated
			}
		}
		if !rotated {
			break
		}
	}
	d.sort()
}

// orthogonalize rotates columns p and q, and reports whether they were not orthogonal.
func (d *decomposition) orthogonalize(p, q int) bool {
	n, pp, qq, pq := d.size, 0.0, 0.0, 0.0
	for i := range n {
		a, b := d.u[i*n+p], d.u[i*n+q]
		pp += float64(a * a)
		qq += float64(b * b)
		pq += float64(a * b)
	}
	if !(math.Abs(pq) > 1e-15*math.Sqrt(pp*qq)) {
		return false
	}
	zeta := (qq - pp) / (2 * pq)
	t := math.Copysign(1/(math.Abs(zeta)+math.Hypot(1, zeta)), zeta)
	c := 1 / math.Hypot(1, t)
	for _, m := range [2][]float64{d.u, d.v} {
		for i := range n {
			a, b := m[i*n+p], m[i*n+q]
			m[i*n+p] = float64(c*a) - float64(c*t*b)
			m[i*n+q] = float64(c*t*a) + float64(c*b)
		}
	}
	return true
}

// sort divides the columns of u by their lengths, and sorts them.
func (d *decomposition) sort() {
	n := d.size
	for j := range n {
		square := 0.0
		for i := range n {
			square += float64(d.u[i*n+j] * d.u[i*n+j])
		}
		d.values[j], d.order[j] = math.Sqrt(square), j
	}
	slices.SortStableFunc(d.order, func(a, b int) int { return cmp.Compare(d.values[b], d.values[a]) })
	for i := range n {
		for _, m := range [2][]float64{d.u, d.v} {
			row := d.mixed
			for k, j := range d.order {
				row[k] = m[i*n+j]
			}
			copy(m[i*n:], row)
		}
	}
	for k, j := range d.order {
		d.mixed[k] = d.values[j]
	}
	copy(d.values, d.mixed)
	for k, value := range d.values {
		for i := range n {
			if d.u[i*n+k] /= value; value == 0 {
				d.u[i*n+k] = 0
			}
		}
	}
}
