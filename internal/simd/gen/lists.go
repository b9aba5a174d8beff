package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that list.

// reaching512 lists the numbers whose magnitude is large.
func reaching512() {
	TEXT("reaching512", NOSPLIT, "func(values *float32, n int, flip, threshold, first uint32, places *int32) (count int)")
	Pragma("noescape")
	Doc("reaching512 writes to places the numbers, from first on, of those of n values, a multiple of 16, whose bits without",
		"the sign, turned by flip, are at least threshold, and up to 16 entries more that mean nothing.")
	values, n := Load(Param("values"), GP64()), Load(Param("n"), GP64())
	places, count := Load(Param("places"), GP64()), GP64()
	XORQ(count, count)
	flip, threshold, magnitude, number, step := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VPBROADCASTD(Load(Param("flip"), GP32()), flip)
	VPBROADCASTD(Load(Param("threshold"), GP32()), threshold)
	VPBROADCASTD(Load(Param("first"), GP32()), number)
	VPTERNLOGD(U8(0xff), magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	ascending := GLOBL("ascending", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(i))
	}
	VPADDD(ascending, number, number)
	sixteen := GP32()
	MOVL(U32(16), sixteen)
	VPBROADCASTD(sixteen, step)
	loop("loop", 16, n, []reg.Register{values}, nil, func() {
		key, listed, k, bits := ZMM(), ZMM(), K(), GP32()
		VPANDD(Mem{Base: values}, magnitude, key)
		VPXORD(flip, key, key)
		VPCMPUD(U8(5), threshold, key, k) // not less
		KMOVW(k, bits)
		VPCOMPRESSD_Z(number, k, listed)
		VMOVDQU32(listed, Mem{Base: places, Index: count, Scale: 4})
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), count)
		VPADDD(step, number, number)
	})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}
