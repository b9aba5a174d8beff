package accumulate

import "math"

// reduce leaves out one of the singular values, in a way that keeps the mean of the matrix over the
// signs, with the least variance (Benzing et al. 2019, arXiv 1902.03993: optimal Kronecker sum). It returns the others, and writes to rows how
// their directions are made of those of u and of v, [size-1,size].
//
// The values from number m on are replaced by k = size-1-m equal ones, s̄ = Σs_i/k. With the unit vector
// z_i = ±√(1 - s_i/s̄), the matrix of these is s̄(1 - zzᵀ), of which the mean over the signs is diag(s_i).
func (d *decomposition) reduce(rows [2][]float64, signs uint32) []float64 {
	n := d.size
	m, mean := d.split()
	for which, matrix := range [2][]float64{d.u, d.v} {
		for k := range n - 1 {
			for i := range n {
				rows[which][k*n+i] = matrix[i*n+k]
			}
		}
	}
	if mean == 0 {
		return d.values[:n-1]
	}
	z := d.mixed[:n-m]
	for i := range z {
		z[i] = math.Sqrt(max(0, 1-d.values[m+i]/mean))
		if signs>>i&1 == 1 {
			z[i] = -z[i]
		}
	}
	reflect := z[0] + math.Copysign(1, z[0]) // z + sgn(z_1)e_1 is the vector of a reflection that takes z to e_1
	square := 2 + 2*math.Abs(z[0])
	for which, matrix := range [2][]float64{d.u, d.v} {
		for i := range n {
			dot := reflect * matrix[i*n+m]
			for j := 1; j < len(z); j++ {
				dot += float64(z[j] * matrix[i*n+m+j])
			}
			for j := 1; j < len(z); j++ { // the other columns of the reflection are orthogonal to z
				rows[which][(m+j-1)*n+i] = matrix[i*n+m+j] - float64(2/square*z[j]*dot)
			}
		}
	}
	for k := m; k < n-1; k++ {
		d.values[k] = mean
	}
	return d.values[:n-1]
}

// split returns the number of the first value that is mixed, and the mean s̄; 0 if the last value is 0
// beside the first, so that nothing has to be mixed.
func (d *decomposition) split() (m int, mean float64) {
	last := d.size - 1
	if !(d.values[last] > 1e-12*d.values[0]) {
		return last, 0
	}
	sum := d.values[last]
	for m = last; m > 0; m-- {
		if k := float64(last - m + 1); k*d.values[m-1] > sum+d.values[m-1] {
			break
		}
		sum += d.values[m-1]
	}
	return m, sum / float64(last-m)
}
