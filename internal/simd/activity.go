package simd

import "math"

// Nonzero returns how many entries are not zero. NaN is not.
func Nonzero(x []float32) int {
	done, count := nonzeroVectors(x)
	for _, v := range x[done:] {
		count += nonzero(v)
	}
	return count
}

// NonzeroRows writes to counts how many entries of each row of x, so wide, are not zero.
func NonzeroRows(counts []int32, x []float32, width int) {
	if width == 0 {
		clear(counts)
		return
	}
	x = x[:len(counts)*width]
	if nonzeroShort(counts, x, width) {
		return
	}
	for row := range counts {
		counts[row] = int32(Nonzero(x[row*width : (row+1)*width]))
	}
}

// Activity returns how many entries are not zero, and Σ|y| in float64: entry i is
// added in lane i mod 16, then lane i+8 to lane i, i+4 to i, i+2 to i and i+1 to i.
func Activity(y []float32) (count int, sum float64) {
	var lanes [16]float64
	done, count := activityVectors(y, &lanes)
	for i := done; i < len(y); i++ {
		count += nonzero(y[i])
		lanes[i%len(lanes)] += math.Abs(float64(y[i]))
	}
	return count, fold(&lanes)
}

// fold adds up lanes: each half to the one before it.
func fold(l *[16]float64) float64 {
	sum := func(i int) float64 { return (l[i] + l[i+8]) + (l[i+4] + l[i+12]) }
	return (sum(0) + sum(2)) + (sum(1) + sum(3))
}

// nonzero is 1 where x ≠ 0, without a branch.
func nonzero(x float32) (n int) {
	if math.Float32bits(x)<<1 != 0 {
		n = 1
	}
	return n
}
