package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cipherWords writes Philox4x32-10 for who needs the words themselves, in their order. A
// number of the cipher is the lower half of a 64-bit lane, which is what a multiplication
// leaves, and what is in the upper half does not matter: so a round takes eight
// instructions, and two sets of blocks go side by side.
type cipherWords struct {
	new func() reg.VecVirtual
	xor func(a, b, to Op)
	// pair takes the lower halves of the lanes of a and the upper ones of b.
	pair func(a, b, to Op)

	multiplier0, multiplier1, weyl0, weyl1 Mem
	order, second, advance                 Mem // numbers of blocks: of the first set, from it to the second, to the next
}

// newCipherWords returns it for AVX-512, and AVX2.
func newCipherWords(t constants) (wide, narrow cipherWords) {
	// Words are joined within quarters of a vector: the blocks go round these.
	order := func(quarters int) func(i int) uint32 {
		return func(i int) uint32 { return uint32(i/4 + i%4/2*quarters) }
	}
	wide = cipherWords{
		new: ZMM, xor: func(a, b, to Op) { VPXORD(a, b, to) },
		multiplier0: t.multiplier0, multiplier1: t.multiplier1, weyl0: t.weyl0, weyl1: t.weyl1,
		order: table("order8", order(4)), second: t.advance8, advance: t.advance16,
	}
	narrow = wide
	narrow.new, narrow.xor = YMM, func(a, b, to Op) { VPXOR(a, b, to) }
	narrow.pair = func(a, b, to Op) { VPBLENDD(U8(0xaa), b, a, to) }
	narrow.order, narrow.second, narrow.advance = table("order4", order(2)), table("advance4", func(int) uint32 { return 4 }), t.advance8
	return wide, narrow
}

// words writes the kernel of the words alone.
func (c cipherWords) words(level string) {
	name := "philoxWords" + level
	TEXT(name, NOSPLIT, "func(dst *uint32, n int, key0, key1, block, step0, step1 uint32)")
	Pragma("noescape")
	Doc(name + " writes n words, a multiple of four vectors, from block on to dst.")
	dst, n, blocks := Load(Param("dst"), GP64()), Load(Param("n"), GP64()), c.first(24)
	bytes := int(blocks.Size())
	loop("loop", bytes, n, []reg.Register{dst}, nil, func() {
		for i, w := range c.next(blocks, 16) {
			VMOVUPS(w, Mem{Base: dst, Disp: bytes * i})
		}
	})
	VZEROUPPER()
	RET()
}

// first emits the numbers of the first blocks, where the parameter block is at the offset.
func (c *cipherWords) first(offset int) reg.VecVirtual {
	if c.pair == nil {
		odd, mask := K(), GP32()
		MOVL(U32(0xaaaa), mask)
		KMOVW(mask, odd)
		c.pair = func(a, b, to Op) { VPBLENDMD(b, a, odd, to) }
	}
	blocks := c.new()
	VBROADCASTSS(NewParamAddr("block", offset), blocks)
	VPADDD(c.order, blocks, blocks)
	return blocks
}

// next emits the next four vectors of words. The parameters key0, key1, block, step0 and
// step1 begin at the offset.
func (c *cipherWords) next(blocks reg.VecVirtual, offset int) (words [4]reg.VecVirtual) {
	k0, k1 := c.new(), c.new()
	VBROADCASTSS(NewParamAddr("key0", offset), k0)
	VBROADCASTSS(NewParamAddr("key1", offset+4), k1)
	var sets [2][4]reg.VecVirtual
	for s := range sets {
		for i := range sets[s] {
			sets[s][i] = c.new()
		}
		c.xor(sets[s][1], sets[s][1], sets[s][1])
		VBROADCASTSS(NewParamAddr("step0", offset+12), sets[s][2])
		VBROADCASTSS(NewParamAddr("step1", offset+16), sets[s][3])
	}
	c.xor(blocks, sets[0][1], sets[0][0])
	VPADDD(c.second, blocks, sets[1][0])
	VPADDD(c.advance, blocks, blocks)
	for round := range rounds {
		if round > 0 {
			VPADDD(c.weyl0, k0, k0)
			VPADDD(c.weyl1, k1, k1)
		}
		for s := range sets {
			sets[s] = c.round(sets[s], k0, k1)
		}
	}
	for s := range sets {
		words[2*s], words[2*s+1] = c.join(sets[s])
	}
	return words
}

// round emits a round of the cipher.
func (c *cipherWords) round(n [4]reg.VecVirtual, k0, k1 reg.VecVirtual) [4]reg.VecVirtual {
	product0, product1 := c.new(), c.new()
	VPMULUDQ(c.multiplier0, n[0], product0)
	VPMULUDQ(c.multiplier1, n[2], product1)
	c.xor(k0, n[1], n[1])
	c.xor(k1, n[3], n[3])
	VPSRLQ(U8(32), product1, n[0])
	VPSRLQ(U8(32), product0, n[2])
	c.xor(n[1], n[0], n[0])
	c.xor(n[3], n[2], n[2])
	return [4]reg.VecVirtual{n[0], product1, n[2], product0}
}

// join emits the words of a set in their order, those of the lower blocks first.
func (c *cipherWords) join(n [4]reg.VecVirtual) (low, high reg.VecVirtual) {
	for i := 0; i < len(n); i += 2 {
		VPSLLQ(U8(32), n[i+1], n[i+1])
		c.pair(n[i], n[i+1], n[i])
	}
	VPUNPCKLQDQ(n[2], n[0], n[1])
	VPUNPCKHQDQ(n[2], n[0], n[3])
	return n[1], n[3]
}
