package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Philox4x32-10, its constants as in package philox.
const (
	multiplier0, multiplier1 = 0xD2511F53, 0xCD9E8D57
	weyl0, weyl1             = 0x9E3779B9, 0xBB67AE85
	rounds                   = 10
)

const philoxSignature = "func(bits *uint64, words int, key0, key1, block, step0, step1, threshold uint32)"

// constants are tables of sixteen equal numbers, operands in memory: there are
// not registers enough at the lower level.
type constants struct{ numbers, multiplier0, multiplier1, weyl0, weyl1, sign, advance8, advance16 Mem }

func newConstants() constants {
	return constants{
		table("numbers", func(i int) uint32 { return uint32(i) }),
		table("multiplier0", func(int) uint32 { return multiplier0 }),
		table("multiplier1", func(int) uint32 { return multiplier1 }),
		table("weyl0", func(int) uint32 { return weyl0 }),
		table("weyl1", func(int) uint32 { return weyl1 }),
		table("sign", func(int) uint32 { return 1 << 31 }),
		table("advance8", func(int) uint32 { return 8 }),
		table("advance16", func(int) uint32 { return 16 }),
	}
}

func table(name string, value func(i int) uint32) Mem {
	t := GLOBL(name, RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(value(i)))
	}
	return t
}

// vectors says how the cipher is written at one level.
type vectors struct {
	new   func() reg.VecVirtual
	lanes int
	xor   func(a, b, to Op)
	// mix takes the even 32-bit lanes of a and the odd ones of b.
	mix func(a, b, to Op)
}

func philox512(t constants) {
	TEXT("philox512", NOSPLIT, philoxSignature)
	Pragma("noescape")
	Doc("philox512 sets bit j of bits[i] where word 64i+j from block on is below the threshold.")
	odd, mask := K(), GP32()
	MOVL(U32(0xaaaa), mask)
	KMOVW(mask, odd)
	v := vectors{ZMM, 16, func(a, b, to Op) { VPXORD(a, b, to) }, func(a, b, to Op) { VPBLENDMD(b, a, odd, to) }}
	philox(v, t, t.advance16, 1, func(c reg.VecVirtual) reg.GPVirtual {
		threshold := v.new()
		VBROADCASTSS(NewParamAddr("threshold", 36), threshold)
		below, flags := K(), GP64()
		VPCMPUD(U8(1), threshold, c, below) // c < threshold
		KMOVW(below, flags.As32())
		return flags
	})
}

func philox256(t constants) {
	TEXT("philox256", NOSPLIT, philoxSignature)
	Pragma("noescape")
	Doc("philox256 sets bit j of bits[i] where word 64i+j from block on is below the threshold.")
	v := vectors{YMM, 8, func(a, b, to Op) { VPXOR(a, b, to) }, func(a, b, to Op) { VPBLENDD(U8(0xaa), b, a, to) }}
	philox(v, t, t.advance8, 2, func(c reg.VecVirtual) reg.GPVirtual {
		// AVX2 compares signed numbers only: flip the sign bits of both.
		left, right, flags := YMM(), YMM(), GP64()
		VBROADCASTSS(NewParamAddr("threshold", 36), right)
		VPXOR(t.sign, c, left)
		VPXOR(t.sign, right, right)
		VPCMPGTD(left, right, right) // threshold > c
		VMOVMSKPS(right, flags.As32())
		return flags
	})
}

// philox writes the loop over words. A word is 16 blocks of four numbers: bit
// 4b+l is number l of block b. below returns a flag for each lane.
func philox(v vectors, t constants, advance Mem, parts int, below func(c reg.VecVirtual) reg.GPVirtual) {
	bits, words := Load(Param("bits"), GP64()), Load(Param("words"), GP64())
	blocks := v.new()
	VBROADCASTSS(NewParamAddr("block", 24), blocks)
	VPADDD(t.numbers, blocks, blocks)

	Label("word")
	CMPQ(words, U32(0))
	JEQ(LabelRef("end"))
	word := GP64()
	XORQ(word, word)
	for part := range parts {
		c := cipher(v, t, blocks)
		for lane, numbers := range c {
			flags, places := below(numbers), GP64()
			MOVQ(U64(0x1111111111111111<<lane), places)
			PDEPQ(places, flags, flags)
			if part > 0 {
				SHLQ(U8(32), flags)
			}
			ORQ(flags, word)
		}
		VPADDD(advance, blocks, blocks)
	}
	MOVQ(word, Mem{Base: bits})
	ADDQ(U32(8), bits)
	DECQ(words)
	JMP(LabelRef("word"))
	Label("end")
	VZEROUPPER()
	RET()
}

// cipher encrypts the counters (block, 0, step) and returns their four numbers.
func cipher(v vectors, t constants, blocks reg.VecVirtual) [4]reg.VecVirtual {
	var c [4]reg.VecVirtual
	for i := range c {
		c[i] = v.new()
	}
	k0, k1 := v.new(), v.new()
	v.xor(c[1], c[1], c[1])
	v.xor(blocks, c[1], c[0])
	VBROADCASTSS(NewParamAddr("step0", 28), c[2])
	VBROADCASTSS(NewParamAddr("step1", 32), c[3])
	VBROADCASTSS(NewParamAddr("key0", 16), k0)
	VBROADCASTSS(NewParamAddr("key1", 20), k1)
	for round := range rounds {
		if round > 0 {
			VPADDD(t.weyl0, k0, k0)
			VPADDD(t.weyl1, k1, k1)
		}
		hi0, lo0 := multiply(v, c[0], t.multiplier0)
		hi1, lo1 := multiply(v, c[2], t.multiplier1)
		v.xor(hi1, c[1], hi1)
		v.xor(hi1, k0, hi1)
		v.xor(hi0, c[3], hi0)
		v.xor(hi0, k1, hi0)
		c = [4]reg.VecVirtual{hi1, lo1, hi0, lo0}
	}
	return c
}

// multiply returns the high and low halves of the products of 32-bit lanes.
func multiply(v vectors, c reg.VecVirtual, m Mem) (hi, lo reg.VecVirtual) {
	even, odd := v.new(), v.new()
	hi, lo = v.new(), v.new()
	VPMULUDQ(m, c, even)
	VPSRLQ(U8(32), c, odd)
	VPMULUDQ(m, odd, odd)
	VPSLLQ(U8(32), odd, lo)
	v.mix(even, lo, lo)
	VPSRLQ(U8(32), even, hi)
	v.mix(hi, odd, hi)
	return hi, lo
}
