package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that update the synapses whose bit is set.

const maskedSignature = "func(w, gradient *float32, bits *uint64, minus, bound float32, n int, m1, work *[8]float64) (m0, stored int)"

// applyMasked512 is apply512 of minus·g where a bit is set.
func applyMasked512() {
	TEXT("applyMasked512", NOSPLIT, maskedSignature)
	Pragma("noescape")
	Doc("applyMasked512 computes the updates minus·g, clips, applies and counts those of n, a multiple of 16, whose bit is set.")
	w, g, bits := Load(Param("w"), GP64()), Load(Param("gradient"), GP64()), Load(Param("bits"), GP64())
	n := Load(Param("n"), GP64())
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	minus, bound, lower, zero, nothing := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("minus", 24), minus)
	VBROADCASTSS(NewParamAddr("bound", 28), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	ones512(nothing)
	VPSLLD(U8(31), nothing, nothing) // -0, whose addition changes no number
	s := newSums512()
	whetherFree(28, func(prefix string, unclipped bool) {
		loop(prefix, 16, n, []reg.Register{w, g}, nil, func() {
			kept := K()
			KMOVW(Mem{Base: bits}, kept)
			ADDQ(U32(2), bits)
			free, before, after := ZMM(), ZMM(), ZMM()
			VMULPS(Mem{Base: g}, minus, free)
			VBLENDMPS(free, nothing, kept, free)
			d := limited(ZMM, free, bound, lower, unclipped)
			VMOVUPS(Mem{Base: w}, before)
			VADDPS(d, before, after)
			VMOVUPS(after, Mem{Base: w})

			changed, count := K(), GP32()
			VCMPPS(U8(notEqual), zero, d, changed)
			KMOVW(changed, count)
			POPCNTL(count, count)
			ADDQ(count.As64(), m0)
			moved, count2 := K(), GP32()
			VCMPPS(U8(notEqual), before, after, kept, moved)
			KMOVW(moved, count2)
			POPCNTL(count2, count2)
			ADDQ(count2.As64(), stored)
			s.addFree(d, free, unclipped)
		})
	})
	s.store()
	finish(m0, stored)
}

func applyMasked256() {
	TEXT("applyMasked256", NOSPLIT, maskedSignature)
	Pragma("noescape")
	Doc("applyMasked256 computes the updates minus·g, clips, applies and counts those of n, a multiple of 8, whose bit is set.")
	w, g, bits := Load(Param("w"), GP64()), Load(Param("gradient"), GP64()), Load(Param("bits"), GP64())
	n := Load(Param("n"), GP64())
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	minus, bound, lower, nothing := YMM(), YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("minus", 24), minus)
	VBROADCASTSS(NewParamAddr("bound", 28), bound)
	VXORPS(nothing, nothing, nothing)
	VSUBPS(bound, nothing, lower)
	ones256(nothing)
	VPSLLD(U8(31), nothing, nothing)
	single := YMM()
	eachBit := GLOBL("eachBit", RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(1<<i))
	}
	VMOVDQU(eachBit, single)
	s := newSums256()
	whetherFree(28, func(prefix string, unclipped bool) {
		loop(prefix, 8, n, []reg.Register{w, g}, nil, func() {
			byteOf, kept := XMM(), YMM()
			VPXOR(byteOf, byteOf, byteOf)
			VPINSRB(U8(0), Mem{Base: bits}, byteOf, byteOf)
			INCQ(bits)
			VPBROADCASTD(byteOf, kept)
			VPAND(single, kept, kept)
			VPCMPEQD(single, kept, kept)
			free, before, after := YMM(), YMM(), YMM()
			VMULPS(Mem{Base: g}, minus, free)
			VBLENDVPS(kept, free, nothing, free)
			d := limited(YMM, free, bound, lower, unclipped)
			VMOVUPS(Mem{Base: w}, before)
			VADDPS(d, before, after)
			VMOVUPS(after, Mem{Base: w})

			changed, count := YMM(), GP32()
			VCMPPS(U8(notEqual), nothing, d, changed)
			VMOVMSKPS(changed, count)
			POPCNTL(count, count)
			ADDQ(count.As64(), m0)
			moved, count2 := YMM(), GP32()
			VCMPPS(U8(notEqual), before, after, moved)
			VANDPS(kept, moved, moved)
			VMOVMSKPS(moved, count2)
			POPCNTL(count2, count2)
			ADDQ(count2.As64(), stored)
			s.addFree(d, free, unclipped)
		})
	})
	s.store()
	finish(m0, stored)
}
