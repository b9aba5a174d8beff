package simd

// Dots writes to dst the products of the rows of w, [len(dst), len(x)], and x. They
// are added in float64 and rounded at last: product i in lane i mod 8, then lane i+4
// to lane i, i+2 to i and i+1 to i.
func Dots(dst, w, x []float32) {
	if w = w[:len(dst)*len(x)]; len(x) == 0 {
		clear(dst)
		return
	}
	if dotsVectors(dst, w, x) {
		return
	}
	for row := range dst {
		dst[row] = float32(dot(w[row*len(x):], x))
	}
}

// dot returns Σ w·x. The product of two float32 numbers is exact in float64.
func dot(w, x []float32) float64 {
	var lanes [8]float64
	w = w[:len(x)]
	for i, v := range x {
		lanes[i%len(lanes)] += float64(w[i]) * float64(v)
	}
	return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
}
