package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels of units that respond above zero.

const (
	rectifySignature      = "func(z *float32, slope float32, n int)"
	rectifyErrorSignature = "func(dz, dy, y *float32, slope float32, n int)"

	greater = 0x1e // GT_OQ: false for NaN, as > is in Go
)

func rectify512() {
	TEXT("rectify512", NOSPLIT, rectifySignature)
	Pragma("noescape")
	Doc("rectify512 replaces n numbers z by max(z, 0) + slope·min(z, 0).")
	z, n := Load(Param("z"), GP64()), Load(Param("n"), GP64())
	slope, zero := ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("slope", 8), slope)
	VPXORD(zero, zero, zero)
	loop("loop", 16, n, []reg.Register{z}, nil, func() {
		v := ZMM()
		VMOVUPS(Mem{Base: z}, v)
		VMOVUPS(bend(v, ZMM(), zero, slope), Mem{Base: z})
	})
	tail(n, func(rest reg.OpmaskVirtual) {
		v := ZMM()
		VMOVUPS_Z(Mem{Base: z}, rest, v)
		VMOVUPS(bend(v, ZMM(), zero, slope), rest, Mem{Base: z})
	})
	VZEROUPPER()
	RET()
}

func rectify256() {
	TEXT("rectify256", NOSPLIT, rectifySignature)
	Pragma("noescape")
	Doc("rectify256 replaces n numbers z, a multiple of 8, by max(z, 0) + slope·min(z, 0).")
	z, n := Load(Param("z"), GP64()), Load(Param("n"), GP64())
	slope, zero := YMM(), YMM()
	VBROADCASTSS(NewParamAddr("slope", 8), slope)
	VXORPS(zero, zero, zero)
	loop("loop", 8, n, []reg.Register{z}, nil, func() {
		v := YMM()
		VMOVUPS(Mem{Base: z}, v)
		VMOVUPS(bend(v, YMM(), zero, slope), Mem{Base: z})
	})
	VZEROUPPER()
	RET()
}

// bend emits max(v, 0) + slope·min(v, 0). Of two zeros, or where v is NaN, the
// second source is returned: 0 above, and below v, so that NaN passes on and -0
// becomes 0.
func bend(v, below, zero, slope reg.VecVirtual) reg.VecVirtual {
	VMINPS(v, zero, below)
	VMULPS(slope, below, below)
	VMAXPS(zero, v, v)
	VADDPS(below, v, v)
	return v
}

func rectifyError512() {
	TEXT("rectifyError512", NOSPLIT, rectifyErrorSignature)
	Pragma("noescape")
	Doc("rectifyError512 writes dy, where y is above zero, and slope·dy elsewhere to dz, for n elements.")
	dz, dy := Load(Param("dz"), GP64()), Load(Param("dy"), GP64())
	y, n := Load(Param("y"), GP64()), Load(Param("n"), GP64())
	slope, zero := ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("slope", 24), slope)
	VPXORD(zero, zero, zero)
	errorOf := func(d, at reg.VecVirtual) reg.VecVirtual {
		below, above := ZMM(), K()
		VCMPPS(U8(greater), zero, at, above)
		VMULPS(slope, d, below)
		VBLENDMPS(d, below, above, d)
		return d
	}
	loop("loop", 16, n, []reg.Register{dz, dy, y}, nil, func() {
		d, at := ZMM(), ZMM()
		VMOVUPS(Mem{Base: y}, at)
		VMOVUPS(Mem{Base: dy}, d)
		VMOVUPS(errorOf(d, at), Mem{Base: dz})
	})
	tail(n, func(rest reg.OpmaskVirtual) {
		d, at := ZMM(), ZMM()
		VMOVUPS_Z(Mem{Base: y}, rest, at)
		VMOVUPS_Z(Mem{Base: dy}, rest, d)
		VMOVUPS(errorOf(d, at), rest, Mem{Base: dz})
	})
	VZEROUPPER()
	RET()
}

func rectifyError256() {
	TEXT("rectifyError256", NOSPLIT, rectifyErrorSignature)
	Pragma("noescape")
	Doc("rectifyError256 writes dy, where y is above zero, and slope·dy elsewhere to dz, for n elements, a multiple of 8.")
	dz, dy := Load(Param("dz"), GP64()), Load(Param("dy"), GP64())
	y, n := Load(Param("y"), GP64()), Load(Param("n"), GP64())
	slope, zero := YMM(), YMM()
	VBROADCASTSS(NewParamAddr("slope", 24), slope)
	VXORPS(zero, zero, zero)
	loop("loop", 8, n, []reg.Register{dz, dy, y}, nil, func() {
		d, below, above := YMM(), YMM(), YMM()
		VMOVUPS(Mem{Base: y}, above)
		VCMPPS(U8(greater), zero, above, above)
		VMOVUPS(Mem{Base: dy}, d)
		VMULPS(slope, d, below)
		VBLENDVPS(above, d, below, d)
		VMOVUPS(d, Mem{Base: dz})
	})
	VZEROUPPER()
	RET()
}
