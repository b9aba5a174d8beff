package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that replace what no bit is set of.

const (
	unsetSignature = "func(dst, other *float32, bits *uint64, n int)"
	unsetDoc       = "replaces dst[i] by other[i] where bit i is not set, for n elements, a multiple of the vector."
)

func replaceUnset512() {
	TEXT("replaceUnset512", NOSPLIT, unsetSignature)
	Pragma("noescape")
	Doc("replaceUnset512 " + unsetDoc)
	dst, other, bits := Load(Param("dst"), GP64()), Load(Param("other"), GP64()), Load(Param("bits"), GP64())
	n := Load(Param("n"), GP64())
	loop("loop", 16, n, []reg.Register{dst, other}, nil, func() {
		unset, v := K(), ZMM()
		KMOVW(Mem{Base: bits}, unset)
		KNOTW(unset, unset)
		ADDQ(U32(2), bits)
		VMOVUPS(Mem{Base: other}, v)
		VMOVUPS(v, unset, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

func replaceUnset256() {
	TEXT("replaceUnset256", NOSPLIT, unsetSignature)
	Pragma("noescape")
	Doc("replaceUnset256 " + unsetDoc)
	dst, other, bits := Load(Param("dst"), GP64()), Load(Param("other"), GP64()), Load(Param("bits"), GP64())
	n := Load(Param("n"), GP64())
	single, zero := YMM(), YMM()
	ofLanes := GLOBL("bitsOfLanes", RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(1<<i))
	}
	VMOVDQU(ofLanes, single)
	VPXOR(zero, zero, zero)
	loop("loop", 8, n, []reg.Register{dst, other}, nil, func() {
		byteOf, unset, v := XMM(), YMM(), YMM()
		VPXOR(byteOf, byteOf, byteOf)
		VPINSRB(U8(0), Mem{Base: bits}, byteOf, byteOf)
		INCQ(bits)
		VPBROADCASTD(byteOf, unset)
		VPAND(single, unset, unset)
		VPCMPEQD(zero, unset, unset)
		VMOVUPS(Mem{Base: other}, v)
		VMASKMOVPS(v, unset, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}
