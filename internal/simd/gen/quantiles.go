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
	TEXT(name, NOSPLIT, "func(dst *float32, words *uint32, n int, table *float64)")
	Pragma("noescape")
	Doc(name + " writes the quantiles of n words, a multiple of the lanes of float64, to dst.")
	dst, words, n, table := Load(Param("dst"), GP64()), Load(Param("words"), GP64()), Load(Param("n"), GP64()), Load(Param("table"), GP64())
	c := q.cubics()
	SUBQ(U32(leastPiece*cubicBytes), table)
	loop("loop", int(q.new().Size())/8, n, []reg.Register{dst, words}, nil, func() {
		VMOVUPS(q.of(Mem{Base: words}, c, table), Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

// of emits the quantiles of words, step by step as package simd.
func (q quantiles) of(words Mem, c cubics, table reg.Register) reg.VecVirtual {
	w, x := q.narrow(), q.narrow()
	VMOVUPS(words, w)
	VPSRAD(U8(31), w, x)
	VPXOR(w, x, x)
	tail, place := q.new(), q.new()
	VCVTDQ2PD(x, tail)
	VADDPD(q.half, tail, tail)
	VPSRLQ(U8(residueBits-2), tail, place)
	VANDPD(q.pieces, place, place)
	lanes := c.lanes(place)
	VPSLLQ(U8(pieceBits), tail, tail)
	VANDPD(q.mantissa, tail, tail)
	VORPD(q.one, tail, tail)
	VSUBPD(q.one, tail, tail)
	q.float32(c.at(table, lanes, 0, tail), x)
	VPAND(q.sign, w, w)
	VPXOR(w, x, x)
	return x
}
