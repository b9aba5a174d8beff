package simd

import "math"

// Metaplastic moves hidden variables h by their updates delta, which then are 0, and sets bit i of flips, or clears it,
// as h[i] has moved and has another sign than w[i]. It returns how many updates were not 0. Where an update shrinks h,
// it is multiplied by 1 - tanh²(m|h|), in float64. All are as long as delta, flips a bit for each.
func Metaplastic(h, delta, w []float32, m float64, flips []uint64) (updates int) {
	h, w, flips = h[:len(delta)], w[:len(delta)], flips[:(len(delta)+63)/64]
	clear(flips)
	done, updates := metaplasticVectors(h, delta, w, m, flips)
	for i := done; i < len(delta); i++ {
		if delta[i] == 0 {
			continue
		}
		h[i] += effective(delta[i], h[i], m)
		delta[i] = 0
		updates++
		if h[i] < 0 && w[i] > 0 || h[i] > 0 && w[i] < 0 {
			flips[i/64] |= 1 << (i % 64)
		}
	}
	return updates
}

// effective returns by how much an update moves h.
func effective(delta, h float32, m float64) float32 {
	if delta > 0 == (h > 0) {
		return delta
	}
	t := math.Tanh(m * float64(sizeOf(h)))
	return float32(float64(delta) * (1 - float64(t*t)))
}
