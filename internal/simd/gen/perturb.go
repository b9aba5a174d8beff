package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Passes over weights with noise; perturb.go of package simd says what they do.

func addProducts512() { addProducts("addProducts512", 16, ZMM) }
func addProducts256() { addProducts("addProducts256", 8, YMM) }

func addProducts(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(dst, a, b *float32, n int)")
	Pragma("noescape")
	Doc(name + " adds a[i]·b[i] to dst[i], for n elements, a multiple of the vector.")
	dst, a, b := Load(Param("dst"), GP64()), Load(Param("a"), GP64()), Load(Param("b"), GP64())
	n := Load(Param("n"), GP64())
	loop("loop", width, n, []reg.Register{dst, a, b}, nil, func() {
		v := vector()
		VMOVUPS(Mem{Base: a}, v)
		VMULPS(Mem{Base: b}, v, v) // no fused multiply-add: portable Go must give the same bits
		VADDPS(Mem{Base: dst}, v, v)
		VMOVUPS(v, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

const addSignsSignature = "func(dst, dw, w *float32, lambda float32, n int)"

func addSigns512(t constants) {
	sumsWithSigns("addSigns512", 16, ZMM, t, func(zero, w, sum, g reg.VecVirtual) {
		some := K()
		VCMPPS(U8(notEqual), zero, w, some)
		VADDPS(sum, g, some, g)
	})
}

func addSigns256(t constants) {
	sumsWithSigns("addSigns256", 8, YMM, t, func(zero, w, sum, g reg.VecVirtual) {
		VCMPPS(U8(notEqual), zero, w, w)
		VADDPS(sum, g, sum)
		VBLENDVPS(w, sum, g, g)
	})
}

// sumsWithSigns emits the sums at one level: add adds to g where w is not zero.
func sumsWithSigns(name string, width int, vector func() reg.VecVirtual, t constants, add func(zero, w, signed, g reg.VecVirtual)) {
	TEXT(name, NOSPLIT, addSignsSignature)
	Pragma("noescape")
	Doc(name + " writes dw[i] + lambda·sign(w[i]) to dst[i], for n elements, a multiple of the vector.")
	dst, gs, ws := Load(Param("dst"), GP64()), Load(Param("dw"), GP64()), Load(Param("w"), GP64())
	n := Load(Param("n"), GP64())
	lambda, zero := vector(), vector()
	VBROADCASTSS(NewParamAddr("lambda", 24), lambda)
	VXORPS(zero, zero, zero)
	loop("loop", width, n, []reg.Register{dst, gs, ws}, nil, func() {
		g, w, signed := vector(), vector(), vector()
		VMOVUPS(Mem{Base: gs}, g)
		VMOVUPS(Mem{Base: ws}, w)
		VANDPS(t.sign, w, signed)
		VORPS(lambda, signed, signed)
		add(zero, w, signed, g)
		VMOVUPS(g, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}
