package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const noisySignature = "func(dst *float32, src *byte, z *float64, scale, offset, deviation float64, n int)"

func noisy512() {
	noisy("noisy512", 16, ZMM,
		func(src Mem, v reg.VecVirtual) { VPMOVZXBD(src, v.AsY()); VCVTDQ2PD(v.AsY(), v) },
		func(v reg.VecVirtual, dst Mem) { VCVTPD2PS(v, v.AsY()); VMOVUPS(v.AsY(), dst) })
}

func noisy256() {
	noisy("noisy256", 8, YMM,
		func(src Mem, v reg.VecVirtual) { VPMOVZXBD(src, v.AsX()); VCVTDQ2PD(v.AsX(), v) },
		func(v reg.VecVirtual, dst Mem) { VCVTPD2PSY(v, v.AsX()); VMOVUPS(v.AsX(), dst) })
}

// noisy emits the line through bytes, and deviation·z besides, in float64: widen makes half
// as many numbers as a step has, narrow rounds them to float32.
func noisy(name string, step int, vector func() reg.VecVirtual, widen func(src Mem, v reg.VecVirtual), narrow func(v reg.VecVirtual, dst Mem)) {
	TEXT(name, NOSPLIT, noisySignature)
	Pragma("noescape")
	Doc(name + " writes scale·src[i] + offset + deviation·z[i] to dst[i], for n elements, a multiple of the vector of float32.")
	dst, src, z := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("z"), GP64())
	n := Load(Param("n"), GP64())
	scale, offset, deviation := vector(), vector(), vector()
	VBROADCASTSD(NewParamAddr("scale", 24), scale)
	VBROADCASTSD(NewParamAddr("offset", 32), offset)
	VBROADCASTSD(NewParamAddr("deviation", 40), deviation)
	loop("loop", step, n, []reg.Register{dst}, []reg.Register{z}, func() {
		for i := range 2 {
			v, noise := vector(), vector()
			widen(Mem{Base: src, Disp: i * step / 2}, v)
			VMULPD(scale, v, v) // no fused multiply-add: portable Go must give the same bits
			VADDPD(offset, v, v)
			VMULPD(Mem{Base: z, Disp: 8 * i * step / 2}, deviation, noise)
			VADDPD(noise, v, v)
			narrow(v, Mem{Base: dst, Disp: 4 * i * step / 2})
		}
		ADDQ(U32(step), src)
	})
	VZEROUPPER()
	RET()
}
