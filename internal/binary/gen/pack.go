package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

const equal = 0 // EQ_OQ: NaN is neither 0 nor 1

// pack emits the kernel that makes bits of numbers, eight at a time at any level.
func pack() {
	TEXT("pack256", NOSPLIT, "func(bits *byte, x *float32, n int) (binary bool)")
	Pragma("noescape")
	Doc("pack256 writes n bytes, one for each 8 numbers at x, whose bit i says whether number i is 1, and returns whether",
		"all numbers are 0 or 1.")
	bits, x, n := Load(Param("bits"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	zero, one, all := YMM(), YMM(), YMM()
	VXORPS(zero, zero, zero)
	word := GP32()
	MOVL(U32(math.Float32bits(1)), word)
	VMOVD(word, one.AsX())
	VPBROADCASTD(one.AsX(), one)
	VCMPPS(U8(equal), zero, zero, all)
	Label("byte")
	v, isOne, binary, set := YMM(), YMM(), YMM(), GP32()
	VMOVUPS(Mem{Base: x}, v)
	VCMPPS(U8(equal), one, v, isOne)
	VCMPPS(U8(equal), zero, v, binary)
	VORPS(isOne, binary, binary)
	VANDPS(binary, all, all)
	VMOVMSKPS(isOne, set)
	MOVB(set.As8(), Mem{Base: bits})
	INCQ(bits)
	ADDQ(U32(32), x)
	DECQ(n)
	JNZ(LabelRef("byte"))
	lanes, result := GP32(), GP8()
	VMOVMSKPS(all, lanes)
	CMPL(lanes, U32(0xff))
	SETEQ(result)
	VZEROUPPER()
	Store(result, ReturnIndex(0))
	RET()
}
