package simd

import "math"

// Momentum makes v[i] ← decay·v[i] + g[i] and delta[i] = factor·v[i] for all of delta, each
// product and sum rounded; v and g are at least as long.
func Momentum(delta, v, g []float32, decay, factor float32) {
	v, g = v[:len(delta)], g[:len(delta)]
	for i := momentumVectors(delta, v, g, decay, factor); i < len(delta); i++ {
		v[i] = float32(decay*v[i]) + g[i]
		delta[i] = factor * v[i]
	}
}

// AdamRates are the constants of Adam: decays of the means of g and g², weights of the newest g
// and g² in them, what the mean of g is multiplied by, what that of g² is, and what is added
// to the root of it. The kernels read them in this order.
type AdamRates struct{ Beta1, Beta2, Rest1, Rest2, Factor, Scale, Small float32 }

// Adam makes m[i] ← β₁m[i] + ρ₁g[i], v[i] ← β₂v[i] + ρ₂g[i]² and delta[i] = factor·m[i]/(√(scale·v[i]) + small)
// for all of delta, each operation rounded; m, v and g are at least as long.
func Adam(delta, m, v, g []float32, r *AdamRates) {
	m, v, g = m[:len(delta)], v[:len(delta)], g[:len(delta)]
	for i := adamVectors(delta, m, v, g, r); i < len(delta); i++ {
		m[i] = float32(r.Beta1*m[i]) + float32(r.Rest1*g[i])
		v[i] = float32(r.Beta2*v[i]) + float32(r.Rest2*float32(g[i]*g[i]))
		root := float32(math.Sqrt(float64(r.Scale * v[i]))) // as a root in float32: 53 bits are more than twice 24
		delta[i] = r.Factor * m[i] / (root + r.Small)
	}
}

// ScaledSum makes dst[i] ← x·a[i] + y·dst[i] for all of dst, each product and sum rounded; a is at
// least as long.
func ScaledSum(dst, a []float32, x, y float32) {
	a = a[:len(dst)]
	for i := scaledSumVectors(dst, a, x, y); i < len(dst); i++ {
		dst[i] = float32(x*a[i]) + float32(y*dst[i])
	}
}

// Signs makes delta[i] = -step·sgn(g[i]) where |g[i]| > threshold, and 0 elsewhere, for all of
// delta; g is at least as long. Neither step nor threshold is negative. NaN is above every threshold.
func Signs(delta, g []float32, step, threshold float32) {
	g = g[:len(delta)]
	for i := signsVectors(delta, g, step, threshold); i < len(delta); i++ {
		delta[i] = Sign(g[i], step, threshold)
	}
}

// Sign is Signs of one number. It has no branch on the sign of g, which no processor foresees.
func Sign(g, step, threshold float32) float32 {
	const sign = 1 << 31
	word := math.Float32bits(g)
	above := uint32(int32(math.Float32bits(threshold)-word&^sign) >> 31) // all ones if |g| > threshold
	return math.Float32frombits(above & (math.Float32bits(step) | ^word&sign))
}

// Flips makes m[i] ← rest·m[i] + gamma·g[i], each product and sum rounded, and delta[i] = -2w[i] where
// sgn(w[i])·m[i] > threshold and w[i] is not 0, else 0, for all of delta; m, w and g are at least as long.
func Flips(delta, m, w, g []float32, rest, gamma, threshold float32) {
	m, w, g = m[:len(delta)], w[:len(delta)], g[:len(delta)]
	for i := flipsVectors(delta, m, w, g, rest, gamma, threshold); i < len(delta); i++ {
		delta[i] = Flip(&m[i], w[i], g[i], rest, gamma, threshold)
	}
}

// Flip is Flips of one weight.
func Flip(m *float32, w, g, rest, gamma, threshold float32) float32 {
	const sign = 1 << 31
	*m = float32(rest**m) + float32(gamma*g)
	against := math.Float32frombits(math.Float32bits(*m) ^ math.Float32bits(w)&sign) // sgn(w)·m
	if against > threshold && w != 0 {
		return -2 * w
	}
	return 0
}

// Squares adds the squares of x to sums, that of x[i] to number i mod BlockLanes.
func Squares(x []float32, sums *[BlockLanes]float64) {
	for i := squaresVectors(x, sums); i < len(x); i++ {
		sums[i%BlockLanes] += float64(x[i]) * float64(x[i])
	}
}

// SquaresOuter is Squares of the updates minus·(x·dz[i]), each product rounded. That of update i is
// added to number (first+i) mod BlockLanes.
func SquaresOuter(dz []float32, x, minus float32, sums *[BlockLanes]float64, first int) {
	first %= BlockLanes
	done := 0
	switch {
	case len(dz) < 2*BlockLanes: // to turn the sums would take longer
	case first == 0:
		done = squaresOuterVectors(dz, x, minus, sums)
	default:
		var turned [BlockLanes]float64
		for i := range turned {
			turned[i] = sums[(first+i)%BlockLanes]
		}
		SquaresOuter(dz, x, minus, &turned, 0)
		for i, sum := range turned {
			sums[(first+i)%BlockLanes] = sum
		}
		return
	}
	for i := done; i < len(dz); i++ {
		g := x * dz[i]
		d := float32(minus * g)
		sums[(first+i)%BlockLanes] += float64(d) * float64(d)
	}
}

// ReplaceUnset makes dst[i] other[i] where bit i of bits is not set, for all of dst; other is at least
// as long.
func ReplaceUnset(dst, other []float32, bits []uint64) {
	other, bits = other[:len(dst)], bits[:(len(dst)+63)/64]
	for i := replaceUnsetVectors(dst, other, bits); i < len(dst); i++ {
		if bits[i/64]>>(i%64)&1 == 0 {
			dst[i] = other[i]
		}
	}
}
