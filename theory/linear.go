package theory

import ()

// NewMatrix returns rows of zeros, which lie one after the other in memory.
func NewMatrix(rows, columns int) [][]float64 {
	all, m := make([]float64, rows*columns), make([][]float64, rows)
	for i := range m {
		m[i] = all[i*columns : (i+1)*columns : (i+1)*columns]
	}
	return m
}

// Dot returns v·x.
func Dot(v []float64, x []float32) (sum float64) {
	for i, value := range x {
		sum += v[i] * float64(value)
	}
	return sum
}

// SquaredNorm returns |v|².
func SquaredNorm(v []float64) (sum float64) {
	for _, value := range v {
		sum += value * value
	}
	return sum
}
