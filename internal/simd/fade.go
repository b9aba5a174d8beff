package simd

import "math"

// Fade adds updates delta, which then are 0, to numbers a that decay by them, and stay within ±bound:
//
//	a ← a + (Δ - |Δ|·decay·a), each product rounded
//
// where Δ is not 0. It returns how often that is, and adds |Δa| of number i to lane i mod BlockLanes of amount.
func Fade(a, delta []float32, bound, decay float32, amount *[BlockLanes]float64) (updates int) {
	a = a[:len(delta)]
	done, updates := fadeVectors(a, delta, bound, decay, amount)
	for i := done; i < len(delta); i++ {
		d, before := delta[i], a[i]
		if d == 0 {
			continue
		}
		delta[i] = 0
		a[i] = min(max(before+(d-float32(float32(sizeOf(d)*decay)*before)), -bound), bound)
		amount[i%BlockLanes] += math.Abs(float64(a[i]) - float64(before))
		updates++
	}
	return updates
}
