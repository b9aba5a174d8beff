package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that count changes, synapse by synapse, in bytes. They wait for memory at any
// level, so that there is one of each.

// bytesLoop emits body for as long as n has 32 left. Pointers advance by 32 elements, of
// one byte each or, in wide, of four.
func bytesLoop(n reg.Register, bytes, wide []reg.Register, body func()) {
	Label("loop")
	CMPQ(n, U32(32))
	JLT(LabelRef("done"))
	body()
	for _, p := range bytes {
		ADDQ(U32(32), p)
	}
	for _, p := range wide {
		ADDQ(U32(128), p)
	}
	SUBQ(U32(32), n)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

func addBytes256() {
	TEXT("addBytes256", NOSPLIT, "func(dst, src *uint8, n int)")
	Pragma("noescape")
	Doc("addBytes256 adds src[i] to dst[i], for n bytes, a multiple of 32.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	bytesLoop(n, []reg.Register{dst, src}, nil, func() {
		v := YMM()
		VMOVDQU(Mem{Base: dst}, v)
		VPADDB(Mem{Base: src}, v, v)
		VMOVDQU(v, Mem{Base: dst})
	})
}

func countProducts256() {
	TEXT("countProducts256", NOSPLIT, "func(counts *uint8, x *float32, factor float32, n int)")
	Pragma("noescape")
	Doc("countProducts256 adds 1 to counts[i] where factor·x[i] is not zero, for n numbers, a multiple of 32.")
	counts, x, n := Load(Param("counts"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	factor, zero, order := YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("factor", 16), factor)
	VXORPS(zero, zero, zero)
	VMOVDQU(packedOrder(), order)
	bytesLoop(n, []reg.Register{counts}, []reg.Register{x}, func() {
		var v [4]reg.VecVirtual
		for i := range v {
			v[i] = YMM()
			VMULPS(Mem{Base: x, Disp: 32 * i}, factor, v[i])
			VCMPPS(U8(notEqual), zero, v[i], v[i]) // -1 or 0
		}
		VPACKSSDW(v[1], v[0], v[0])
		VPACKSSDW(v[3], v[2], v[2])
		VPACKSSWB(v[2], v[0], v[0])
		VPERMD(v[0], order, v[0])
		sum := YMM()
		VMOVDQU(Mem{Base: counts}, sum)
		VPSUBB(v[0], sum, sum)
		VMOVDQU(sum, Mem{Base: counts})
	})
}

// packedOrder is the order of groups of four bytes in which packing leaves them, as it
// works on each half of a register by itself.
func packedOrder() Mem {
	order := GLOBL("packedOrder", RODATA|NOPTR)
	for i, group := range []uint32{0, 4, 1, 5, 2, 6, 3, 7} {
		DATA(4*i, U32(group))
	}
	return order
}

func drain256() {
	TEXT("drain256", NOSPLIT, "func(dst *uint32, src *uint8, n int)")
	Pragma("noescape")
	Doc("drain256 adds src[i] to dst[i] and makes it 0, for n bytes, a multiple of 32.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	zero := YMM()
	VPXOR(zero, zero, zero)
	bytesLoop(n, []reg.Register{src}, []reg.Register{dst}, func() {
		for i := range 4 {
			v := YMM()
			VPMOVZXBD(Mem{Base: src, Disp: 8 * i}, v)
			VPADDD(Mem{Base: dst, Disp: 32 * i}, v, v)
			VMOVDQU(v, Mem{Base: dst, Disp: 32 * i})
		}
		VMOVDQU(zero, Mem{Base: src})
	})
}
