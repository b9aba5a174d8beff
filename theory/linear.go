package theory

// matrix returns rows of zeros, one after the other.
func matrix(rows, columns int) [][]float64 {
	all, m := make([]float64, rows*columns), make([][]float64, rows)
	for i := range m {
		m[i] = all[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}

// project is v·x.
func project(v []float64, x []float32) (sum float64) {
	for i, value := range x {
		sum += v[i] * float64(value)
	}
	return sum
}

// square is |v|².
func square(v []float64) (sum float64) {
	for _, value := range v {
		sum += value * value
	}
	return sum
}
