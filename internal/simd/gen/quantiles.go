package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Normal numbers by pieces of their quantile; quantiles.go of package simd says how.

const (
	pieceBits   = 5
	residueBits = exponentShift - pieceBits
	leastPiece  = 1022 << pieceBits
	cubicBytes  = 32
)

// quantiles writes the kernel at one level. The numbers are in memory, in each lane of the
// widest vector.
type quantiles struct {
	name        string                // of the level
	new, narrow func() reg.VecVirtual // registers of float64, and as many float32
	float32     func(from, to Op)     // makes float32 of float64
	cubics      func() cubics

	half, one, mantissa, pieces, sign Mem
}

func newQuantiles(t constants, b boxMuller) quantiles {
	return quantiles{
		half: b.half, one: b.one, mantissa: b.mantissa, sign: t.sign,
		pieces: table64("pieces", ^uint64(3)),
	}
}

func (q quantiles) at512() quantiles {
	q.name, q.new, q.narrow, q.cubics = "512", ZMM, YMM, newCubics512
	q.float32 = func(from, to Op) { VCVTPD2PS(from, to) }
	return q
}

func (q quantiles) at256() quantiles {
	q.name, q.new, q.narrow, q.cubics = "256", YMM, XMM, newCubics256
	q.float32 = func(from, to Op) { VCVTPD2PSY(from, to) }
	return q
}

func (q quantiles) kernel() {
	name := "quantiles" + q.name
	TEXT(name, 0, "func(dst *float32, words *uint32, n int, table *float64)")
	Pragma("noescape")
	Doc(name + " writes the quantiles of n words, a multiple of the lanes of float64, to dst.")
	dst, words, n, table := Load(Param("dst"), GP64()), Load(Param("words"), GP64()), Load(Param("n"), GP64()), Load(Param("table"), GP64())
	c := q.cubics()
	SUBQ(U32(leastPiece*cubicBytes), table)
	place := func() (u, places reg.VecVirtual) { return q.place(Mem{Base: words}) }
	signs := GP64()
	MOVQ(words, signs)
	c.loop(n, []reg.Register{words}, []reg.Register{dst, signs}, place, func(u reg.VecVirtual, places Mem) {
		x, sign := q.narrow(), q.narrow()
		q.float32(c.at(table, places, u, 0)[0], x)
		VMOVUPS(Mem{Base: signs}, sign)
		VPAND(q.sign, sign, sign)
		VPXOR(sign, x, x)
		VMOVUPS(x, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

// place emits the positions of words in the pieces of the tail, and the places of the pieces, step by step as package simd.
func (q quantiles) place(words Mem) (u, places reg.VecVirtual) {
	w, x := q.narrow(), q.narrow()
	VMOVUPS(words, w)
	VPSRAD(U8(31), w, x)
	VPXOR(w, x, x)
	u, places = q.new(), q.new()
	VCVTDQ2PD(x, u)
	VADDPD(q.half, u, u)
	VPSRLQ(U8(residueBits-2), u, places)
	VANDPD(q.pieces, places, places)
	VPSLLQ(U8(pieceBits), u, u)
	VANDPD(q.mantissa, u, u)
	VORPD(q.one, u, u)
	VSUBPD(q.one, u, u)
	return u, places
}
