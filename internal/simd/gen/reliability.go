package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// σ of φ and gradients of φ out of a table; reliability.go of package simd says how.

const (
	leastPhi      = -32
	piecesPerUnit = 32
	reliable      = 64 * piecesPerUnit // pieces of the table

	less = 0x11 // LT_OQ
)

// reliability writes the kernels at one level.
type reliability struct {
	name    string // of the level
	new     func() reg.VecVirtual
	cubics  func() cubics
	float32 func(from, to Op)     // makes float32 of float64
	narrow  func() reg.VecVirtual // as many float32
	// unless jumps unless x is from zero to below the limit in all lanes.
	unless func(limit Mem, x reg.VecVirtual, label string)
	whole  func(x, to reg.VecVirtual) // integers below x ≥ 0

	least, perUnit, pieces, integers Mem
}

func newReliability(b boxMuller) reliability {
	return reliability{
		least: wideNumber("leastPhi", -leastPhi), perUnit: wideNumber("piecesPerUnit", piecesPerUnit),
		pieces: wideNumber("reliable", reliable), integers: b.integers,
	}
}

func (r reliability) at512() reliability {
	r.name, r.new, r.narrow, r.cubics = "512", ZMM, YMM, newCubics512
	r.float32 = func(from, to Op) { VCVTPD2PS(from, to) }
	r.whole = func(x, to reg.VecVirtual) { VRNDSCALEPD(U8(downward), x, to) }
	r.unless = func(limit Mem, x reg.VecVirtual, label string) {
		zero, above, within, all := ZMM(), K(), K(), GP32()
		VXORPD(zero, zero, zero)
		VCMPPD(U8(notBelow), zero, x, above)
		VCMPPD(U8(less), limit, x, above, within)
		KMOVW(within, all)
		CMPL(all, U32(0xff))
		JNE(LabelRef(label))
	}
	return r
}

func (r reliability) at256() reliability {
	r.name, r.new, r.narrow, r.cubics = "256", YMM, XMM, newCubics256
	r.float32 = func(from, to Op) { VCVTPD2PSY(from, to) }
	r.whole = func(x, to reg.VecVirtual) { VROUNDPD(U8(downward), x, to) }
	r.unless = func(limit Mem, x reg.VecVirtual, label string) {
		above, below, all := YMM(), YMM(), GP32()
		VXORPD(above, above, above)
		VCMPPD(U8(notBelow), above, x, above)
		VCMPPD(U8(less), limit, x, below)
		VANDPD(above, below, below)
		VMOVMSKPD(below, all)
		CMPL(all, U32(0xf))
		JNE(LabelRef(label))
	}
	return r
}

// place emits the position of each φ in its piece, and the places of these in a table of
// 2^shift cubics each. It ends the placing where a φ is beyond.
func (r reliability) place(phi Mem, shift uint8) (u, places reg.VecVirtual) {
	u, places = r.new(), r.new()
	VCVTPS2PD(phi, u)
	VADDPD(r.least, u, u)
	VMULPD(r.perUnit, u, u)
	r.unless(r.pieces, u, "placesdone")
	r.whole(u, places)
	VSUBPD(places, u, u)
	VADDPD(r.integers, places, places)
	VXORPD(r.integers, places, places)
	VPSLLQ(U8(2+shift), places, places)
	return u, places
}

func (r reliability) sigmas() {
	name := "sigmas" + r.name
	TEXT(name, 0, "func(sigma, phi *float32, n int, table *float64) (rest int)")
	Pragma("noescape")
	Doc(name + " writes σ of φ to sigma, for n elements, a multiple of the lanes of float64, as far as the table reaches, and returns how many are left.")
	sigma, phi, n, table := Load(Param("sigma"), GP64()), Load(Param("phi"), GP64()), Load(Param("n"), GP64()), Load(Param("table"), GP64())
	c := r.cubics()
	place := func() (u, places reg.VecVirtual) { return r.place(Mem{Base: phi}, 0) }
	c.loop(n, []reg.Register{phi}, []reg.Register{sigma}, place, func(u reg.VecVirtual, places Mem) {
		v := r.narrow()
		r.float32(c.at(table, places, u, 0)[0], v)
		VMOVUPS(v, Mem{Base: sigma})
	})
	VZEROUPPER()
	Store(n, ReturnIndex(0))
	RET()
}

func (r reliability) errors() {
	name := "errors" + r.name
	TEXT(name, 0, "func(errors, phi, dw, xi *float32, n int, table *float64) (rest int)")
	Pragma("noescape")
	Doc(name + " writes dw·ξ·dσ/dφ + d cost/dφ to errors, for n elements, a multiple of the lanes of float64, as far as the table reaches, and returns how many are left.")
	errors, phi, g, xi := Load(Param("errors"), GP64()), Load(Param("phi"), GP64()), Load(Param("dw"), GP64()), Load(Param("xi"), GP64())
	n, table := Load(Param("n"), GP64()), Load(Param("table"), GP64())
	c := r.cubics()
	place := func() (u, places reg.VecVirtual) { return r.place(Mem{Base: phi}, 1) }
	c.loop(n, []reg.Register{phi}, []reg.Register{errors, g, xi}, place, func(u reg.VecVirtual, places Mem) {
		slopes := c.at(table, places, u, 0, cubicBytes)
		product, factor, v := r.new(), r.new(), r.narrow()
		VCVTPS2PD(Mem{Base: g}, product)
		VCVTPS2PD(Mem{Base: xi}, factor)
		VMULPD(factor, product, product)
		VMULPD(slopes[0], product, product)
		VADDPD(slopes[1], product, product)
		r.float32(product, v)
		VMOVUPS(v, Mem{Base: errors})
	})
	VZEROUPPER()
	Store(n, ReturnIndex(0))
	RET()
}
