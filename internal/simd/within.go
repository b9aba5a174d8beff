package simd

// Within sets bit i of bits unless words[i] ≥ |x[i]|·scale in float64, and clears it there: it is set where x is NaN. words
// are at least as long as x, bits as many as needed.
func Within(bits []uint64, words []uint32, x []float32, scale float64) {
	bits, words = bits[:(len(x)+63)/64], words[:len(x)]
	clear(bits)
	for i := withinVectors(bits, words, x, scale); i < len(x); i++ {
		if !(float64(words[i]) >= float64(sizeOf(x[i]))*scale) {
			bits[i/64] |= 1 << (i % 64)
		}
	}
}
