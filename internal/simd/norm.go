package simd

// SquaredNorm returns Σ x² in float64: entry i is added in lane i mod 4, then lanes in pairs. Squares of
// float32 are exact there.
func SquaredNorm(x []float32) float64 {
	var lanes [4]float64
	for i := squaredNormVectors(x, &lanes); i < len(x); i++ {
		lanes[i%len(lanes)] += float64(x[i]) * float64(x[i])
	}
	return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
}
