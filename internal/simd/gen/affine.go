package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const affineSignature = "func(dst *float32, src *byte, scale, offset float64, n int)"

func affine512() {
	affine("affine512", 16, ZMM,
		func(src Mem, v reg.VecVirtual) { VPMOVZXBD(src, v.AsY()); VCVTDQ2PD(v.AsY(), v) },
		func(v reg.VecVirtual, dst Mem) { VCVTPD2PS(v, v.AsY()); VMOVUPS(v.AsY(), dst) })
}

func affine256() {
	affine("affine256", 8, YMM,
		func(src Mem, v reg.VecVirtual) { VPMOVZXBD(src, v.AsX()); VCVTDQ2PD(v.AsX(), v) },
		func(v reg.VecVirtual, dst Mem) { VCVTPD2PSY(v, v.AsX()); VMOVUPS(v.AsX(), dst) })
}

// affine emits the line through bytes in float64: widen makes half as many numbers
// as a step has, narrow rounds them to float32.
func affine(name string, step int, vector func() reg.VecVirtual, widen func(src Mem, v reg.VecVirtual), narrow func(v reg.VecVirtual, dst Mem)) {
	TEXT(name, NOSPLIT, affineSignature)
	Pragma("noescape")
	Doc(name + " writes scale·src[i] + offset to dst[i], for n elements, a multiple of the vector of float32.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	n := Load(Param("n"), GP64())
	scale, offset := vector(), vector()
	VBROADCASTSD(NewParamAddr("scale", 16), scale)
	VBROADCASTSD(NewParamAddr("offset", 24), offset)
	loop("loop", step, n, []reg.Register{dst}, nil, func() {
		for i := range 2 {
			v := vector()
			widen(Mem{Base: src, Disp: i * step / 2}, v)
			VMULPD(scale, v, v) // no fused multiply-add: portable Go must give the same bits
			VADDPD(offset, v, v)
			narrow(v, Mem{Base: dst, Disp: 4 * i * step / 2})
		}
		ADDQ(U32(step), src)
	})
	VZEROUPPER()
	RET()
}

func prefetch() {
	TEXT("prefetch", NOSPLIT, "func(x *byte, n int)")
	Pragma("noescape")
	Doc("prefetch asks for the cache lines of n bytes.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	ADDQ(x, n)
	Label("loop")
	CMPQ(x, n)
	JGE(LabelRef("done"))
	PREFETCHT0(Mem{Base: x})
	ADDQ(U32(64), x)
	JMP(LabelRef("loop"))
	Label("done")
	RET()
}
