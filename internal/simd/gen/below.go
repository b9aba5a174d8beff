package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// below256 finds the first block of 32 numbers that has a large one.
func below256() {
	TEXT("below256", NOSPLIT, "func(values *float32, n int, threshold uint32) (below int)")
	Pragma("noescape")
	Doc("below256 returns how many of n values, a multiple of 32, stand before the first block of 32 in which the",
		"bits of one, without the sign, are at least threshold, above 0 and below 1<<31.")
	values, n, below := Load(Param("values"), GP64()), Load(Param("n"), GP64()), GP64()
	XORQ(below, below)
	threshold := GP32()
	MOVL(NewParamAddr("threshold", 16), threshold)
	DECL(threshold)
	least, magnitude := YMM(), YMM()
	VMOVD(threshold, least.AsX())
	VPBROADCASTD(least.AsX(), least)
	VPCMPEQD(magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	Label("loop")
	CMPQ(below, n)
	JGE(LabelRef("end"))
	largest := YMM()
	VPAND(Mem{Base: values, Index: below, Scale: 4}, magnitude, largest)
	for i := 1; i < 4; i++ {
		key := YMM()
		VPAND(Mem{Base: values, Index: below, Scale: 4}.Offset(32*i), magnitude, key)
		VPMAXSD(key, largest, largest)
	}
	VPCMPGTD(least, largest, largest)
	VPTEST(largest, largest)
	JNZ(LabelRef("end"))
	ADDQ(U8(32), below)
	JMP(LabelRef("loop"))
	Label("end")
	VZEROUPPER()
	Store(below, ReturnIndex(0))
	RET()
}
