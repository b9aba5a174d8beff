package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// squaredNorm256 waits for the addition before, and not for a fused multiply-add, which takes longer.
func squaredNorm256() {
	TEXT("squaredNorm256", NOSPLIT, "func(x *float32, n int, lanes *[4]float64)")
	Pragma("noescape")
	Doc("squaredNorm256 adds x[i]² to lane i mod 4, for n entries, a multiple of 4.")
	x, n, lanes := Load(Param("x"), GP64()), Load(Param("n"), GP64()), Load(Param("lanes"), GP64())
	sum := YMM()
	VMOVUPD(Mem{Base: lanes}, sum)
	loop("loop", 4, n, []reg.Register{x}, nil, func() {
		v := YMM()
		VCVTPS2PD(Mem{Base: x}, v)
		VMULPD(v, v, v)
		VADDPD(v, sum, sum)
	})
	VMOVUPD(sum, Mem{Base: lanes})
	VZEROUPPER()
	RET()
}
