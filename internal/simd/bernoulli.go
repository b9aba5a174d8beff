package simd

import "math"

// Bernoulli draws x[i], 1 or 0, given its field and its word w: u = (w+½)/2³² is compared
// with p = 1/(1+e^-field). Of p and 1-p only the smaller, r = e/(1+e) with e = e^-|field|,
// is computed, in float32 and to within 2 units in the last place, and compared exactly:
//
//	field < 0: x = 1 where u < r,   field ≥ 0: x = 0 where 1-u < r.
//
// A field of NaN gives 0. x, which may be fields, and words are at least as long as fields.
func Bernoulli(x, fields []float32, words []uint32) {
	x, words = x[:len(fields)], words[:len(fields)]
	for i, f := range fields {
		x[i] = draw(words[i], f)
	}
}

// BernoulliPhilox is Bernoulli with the words of Philox4x32-10 from block on, four of each
// block. It returns false, having done nothing, where there are no vector registers for it
// or a counter would not fit 32 bits. Package philox defines the words.
func BernoulliPhilox(x, fields []float32, key [2]uint32, step, block uint64) bool {
	if level == Portable || block > math.MaxUint32 || block+uint64(len(fields)+most32)/4 > math.MaxUint32 {
		return false
	}
	x = x[:len(fields)]
	done := bernoulliVectors(x, fields, key, step, uint32(block))
	if done == len(fields) {
		return true
	}
	var rest [most32]float32
	n := copy(rest[:], fields[done:])
	bernoulliVectors(rest[:], rest[:], key, step, uint32(block)+uint32(done/4))
	copy(x[done:], rest[:n])
	return true
}

// draw is one number of Bernoulli. 1-u is the number of ^w.
func draw(w uint32, field float32) (x float32) {
	above := field >= 0
	if above {
		w = ^w
	}
	e := decay(field)
	r := e - float32(e*(e/(1+e)))
	if below := float64(w)+0.5 < float64(r)*(1<<32); below != above {
		x = 1
	}
	return x
}
