package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that add up squares. The square of a float32 is exact in float64, so that a fused
// multiply-add has the bits of the two apart.

const squaresSignature = "func(x *float32, n int, sums *[16]float64)"

func squares512() { squares("512", 8, ZMM) }
func squares256() { squares("256", 4, YMM) }

// squares emits a kernel of vectors of so many float64. Each vector of sums waits for itself only.
func squares(level string, lanes int, vector func() reg.VecVirtual) {
	TEXT("squares"+level, NOSPLIT, squaresSignature)
	Pragma("noescape")
	Doc("squares" + level + " adds the squares of n numbers, a multiple of 16, to sixteen sums in turn.")
	x, n, sums := Load(Param("x"), GP64()), Load(Param("n"), GP64()), Load(Param("sums"), GP64())
	parts := make([]reg.VecVirtual, 16/lanes)
	for i := range parts {
		parts[i] = vector()
		VMOVUPD(Mem{Base: sums, Disp: 8 * lanes * i}, parts[i])
	}
	loop("loop", 16, n, []reg.Register{x}, nil, func() {
		for i, sum := range parts {
			v := vector()
			VCVTPS2PD(Mem{Base: x, Disp: 4 * lanes * i}, v)
			VFMADD231PD(v, v, sum)
		}
	})
	for i, sum := range parts {
		VMOVUPD(sum, Mem{Base: sums, Disp: 8 * lanes * i})
	}
	VZEROUPPER()
	RET()
}
