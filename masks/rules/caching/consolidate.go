package caching

import (
	"math"

	"ergon/masks"
)

// consolidate updates neighbouring synapses w = l + s, and adds what it does to c: if
// |s| ≥ threshold, l ← w; else s ← s·(1-decayed). It takes four synapses at a time, of
// which rarely any is consolidated; four sums hide the latency of an addition. writes counts
// for each synapse how often it was consolidated, unless it is nil.
func consolidate(c *masks.Consolidation, w, l, threshold []float32, writes []uint32, decayed float32) {
	var sum0, sum1, sum2, sum3 float64
	left, first := 0, 0
	for len(w) >= 4 && len(l) >= 4 && len(threshold) >= 4 {
		x, y, t := (*[4]float32)(w), (*[4]float32)(l), (*[4]float32)(threshold)
		s0, s1, s2, s3 := x[0]-y[0], x[1]-y[1], x[2]-y[2], x[3]-y[3]
		a0, a1, a2, a3 := magnitude(s0), magnitude(s1), magnitude(s2), magnitude(s3)
		if a0 >= t[0] || a1 >= t[1] || a2 >= t[2] || a3 >= t[3] {
			for k := range x {
				consolidateOne(c, &x[k], &y[k], t[k], writes, first+k, decayed)
			}
		} else {
			sum0 += float64(a0)
			sum1 += float64(a1)
			sum2 += float64(a2)
			sum3 += float64(a3)
			if decayed > 0 { // the conversions forbid fused multiply-add
				left += nonzero(a0) + nonzero(a1) + nonzero(a2) + nonzero(a3)
				x[0] -= float32(s0 * decayed)
				x[1] -= float32(s1 * decayed)
				x[2] -= float32(s2 * decayed)
				x[3] -= float32(s3 * decayed)
			}
		}
		w, l, threshold, first = w[4:], l[4:], threshold[4:], first+4
	}
	for j := range w {
		consolidateOne(c, &w[j], &l[j], threshold[j], writes, first+j, decayed)
	}
	sum := (sum0 + sum1) + (sum2 + sum3)
	c.Transient += sum
	c.Lost += sum * float64(decayed)
	c.Decayed += int64(left)
}

// consolidateOne is consolidate for one synapse, number i of those that are counted.
func consolidateOne(c *masks.Consolidation, w, l *float32, threshold float32, writes []uint32, i int, decayed float32) {
	s := *w - *l
	switch {
	case s == 0:
	case magnitude(s) >= threshold:
		c.M0++
		c.M1 += math.Abs(float64(*w) - float64(*l))
		*l = *w
		if writes != nil {
			writes[i]++
		}
	default:
		c.Transient += float64(magnitude(s))
		c.Lost += float64(magnitude(s)) * float64(decayed)
		if decayed > 0 {
			*w -= float32(s * decayed)
			c.Decayed++
		}
	}
}

// nonzero is 1 unless a magnitude is 0, without a branch.
func nonzero(magnitude float32) (n int) {
	if math.Float32bits(magnitude) != 0 {
		n = 1
	}
	return n
}

// magnitude returns |x|, without a branch.
func magnitude(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }
