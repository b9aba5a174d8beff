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
// 2^shift cubics each. It jumps to the end where a φ is beyond.
func (r reliability) place(c cubics, phi Mem, shift uint8) (u reg.VecVirtual, places []reg.GPVirtual) {
	u = r.new()
	piece := r.new()
	VCVTPS2PD(phi, u)
	VADDPD(r.least, u, u)
	VMULPD(r.perUnit, u, u)
	r.unless(r.pieces, u, "loopdone")
	r.whole(u, piece)
	VSUBPD(piece, u, u)
	VADDPD(r.integers, piece, piece)
	VXORPD(r.integers, piece, piece)
	VPSLLQ(U8(2+shift), piece, piece)
	return u, c.lanes(piece)
}

func (r reliability) sigmas() {
	name := "sigmas" + r.name
	TEXT(name, NOSPLIT, "func(sigma, phi *float32, n int, table *float64) (rest int)")
	Pragma("noescape")
	Doc(name + " writes σ of φ to sigma, for n elements, a multiple of the lanes of float64, as far as the table reaches, and returns how many are left.")
	sigma, phi, n, table := Load(Param("sigma"), GP64()), Load(Param("phi"), GP64()), Load(Param("n"), GP64()), Load(Param("table"), GP64())
	c := r.cubics()
	loop("loop", int(r.new().Size())/8, n, []reg.Register{sigma, phi}, nil, func() {
		u, places := r.place(c, Mem{Base: phi}, 0)
		v := r.narrow()
		r.float32(c.at(table, places, 0, u), v)
		VMOVUPS(v, Mem{Base: sigma})
	})
	VZEROUPPER()
	Store(n, ReturnIndex(0))
	RET()
}

func (r reliability) errors() {
	name := "errors" + r.name
	TEXT(name, NOSPLIT, "func(errors, phi, dw, xi *float32, n int, table *float64) (rest int)")
	Pragma("noescape")
	Doc(name + " writes dw·ξ·dσ/dφ + d cost/dφ to errors, for n elements, a multiple of the lanes of float64, as far as the table reaches, and returns how many are left.")
	errors, phi, g, xi := Load(Param("errors"), GP64()), Load(Param("phi"), GP64()), Load(Param("dw"), GP64()), Load(Param("xi"), GP64())
	n, table := Load(Param("n"), GP64()), Load(Param("table"), GP64())
	c := r.cubics()
	loop("loop", int(r.new().Size())/8, n, []reg.Register{errors, phi, g, xi}, nil, func() {
		u, places := r.place(c, Mem{Base: phi}, 1)
		product, factor, v := r.new(), r.new(), r.narrow()
		VCVTPS2PD(Mem{Base: g}, product)
		VCVTPS2PD(Mem{Base: xi}, factor)
		VMULPD(factor, product, product)
		VMULPD(c.at(table, places, 0, u), product, product)
		VADDPD(c.at(table, places, cubicBytes, u), product, product)
		r.float32(product, v)
		VMOVUPS(v, Mem{Base: errors})
	})
	VZEROUPPER()
	Store(n, ReturnIndex(0))
	RET()
}
