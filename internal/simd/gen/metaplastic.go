package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that move the hidden variables of metaplastic synapses.

const (
	metaplasticSignature = "func(h, delta, w *float32, flips *uint8, n int, m float64) (updates int)"
	metaplasticDoc       = "moves n hidden variables h by delta, which becomes 0, less where that shrinks them, counts these, and flags weights whose sign is another. n is a multiple of"
	metaplasticM         = 40    // offset of m
	lessThan, above      = 1, 14 // LT_OS, GT_OS: false for NaN
)

func metaplastic512(n *tanhNumbers) {
	TEXT("metaplastic512", NOSPLIT, metaplasticSignature)
	Pragma("noescape")
	Doc("metaplastic512 " + metaplasticDoc + " 16.")
	h, delta, w, flips, count, updates := metaplasticParameters()
	d, zero, magnitude, m := doubles{ZMM, n}, ZMM(), ZMM(), ZMM()
	VPXORD(zero, zero, zero)
	ones512(magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	VBROADCASTSD(NewParamAddr("m", metaplasticM), m)
	loop("loop", 16, count, []reg.Register{h, delta, w}, nil, func() {
		change, moved, flags := ZMM(), K(), GP32()
		VMOVUPS(Mem{Base: delta}, change)
		VCMPPS(U8(notEqual), zero, change, moved)
		KMOVW(moved, flags)
		MOVW(flags.As16(), Mem{Base: flips})
		TESTL(flags, flags)
		JZ(LabelRef("rest"))
		add(flags, updates)
		VMOVUPS(zero, Mem{Base: delta})

		hidden, up, down := ZMM(), K(), K()
		VMOVUPS(Mem{Base: h}, hidden)
		VCMPPS(U8(above), zero, change, up)
		VCMPPS(U8(above), zero, hidden, down)
		KXORW(up, down, down)
		KANDW(moved, down, down)
		KORTESTW(down, down)
		JZ(LabelRef("free"))
		size, shrinking, high := ZMM(), ZMM(), YMM()
		VPANDD(magnitude, hidden, size)
		sizes, changes := halves512(size), halves512(change)
		for half := range 2 {
			z, wide := ZMM(), ZMM()
			VCVTPS2PD(sizes[half], z)
			VMULPD(m, z, z)
			t, large := d.small(z), K()
			VCMPPD(U8(atLeast), d.all(n.rational), z, large)
			KORTESTB(large, large)
			end := []string{"lowsmall", "highsmall"}[half]
			JZ(LabelRef(end))
			VMOVAPD(d.large(z), large, t)
			Label(end)
			d.leave(t)
			VCVTPS2PD(changes[half], wide)
			VMULPD(t, wide, wide)
			VCVTPD2PS(wide, []Op{shrinking.AsY(), high}[half])
		}
		VINSERTF64X4(U8(1), high, shrinking, shrinking)
		VMOVAPS(shrinking, down, change)
		Label("free")
		VADDPS(change, hidden, moved, hidden)
		VMOVUPS(hidden, Mem{Base: h})

		weights, sign, other := ZMM(), K(), K()
		VMOVUPS(Mem{Base: w}, weights)
		VCMPPS(U8(lessThan), zero, hidden, moved, sign)
		VCMPPS(U8(above), zero, weights, sign, other)
		VCMPPS(U8(above), zero, hidden, moved, sign)
		VCMPPS(U8(lessThan), zero, weights, sign, sign)
		KORW(sign, other, sign)
		KMOVW(sign, flags)
		MOVW(flags.As16(), Mem{Base: flips})
		Label("rest")
		ADDQ(U8(2), flips)
	})
	VZEROUPPER()
	Store(updates, ReturnIndex(0))
	RET()
}

func metaplastic256(n *tanhNumbers) {
	TEXT("metaplastic256", NOSPLIT, metaplasticSignature)
	Pragma("noescape")
	Doc("metaplastic256 " + metaplasticDoc + " 8.")
	h, delta, w, flips, count, updates := metaplasticParameters()
	d := doubles{YMM, n}
	loop("loop", 8, count, []reg.Register{h, delta, w}, nil, func() {
		change, moved, flags, zero := YMM(), YMM(), GP32(), YMM()
		VXORPS(zero, zero, zero)
		VMOVUPS(Mem{Base: delta}, change)
		VCMPPS(U8(notEqual), zero, change, moved)
		VMOVMSKPS(moved, flags)
		MOVB(flags.As8(), Mem{Base: flips})
		TESTL(flags, flags)
		JZ(LabelRef("rest"))
		add(flags, updates)
		VMOVUPS(zero, Mem{Base: delta})

		hidden, down := YMM(), YMM()
		VMOVUPS(Mem{Base: h}, hidden)
		VCMPPS(U8(above), zero, hidden, down)
		VCMPPS(U8(above), zero, change, zero)
		VXORPS(zero, down, down)
		VANDPS(moved, down, down)
		VPTEST(down, down)
		JZ(LabelRef("free"))
		size, shrinking := YMM(), YMM()
		ones256(size)
		VPSRLD(U8(1), size, size)
		VPAND(hidden, size, size)
		sizes, changes := halves256(size), halves256(change)
		for half := range 2 {
			z := YMM()
			VCVTPS2PD(sizes[half], z)
			VMULPD(d.all(Mem(NewParamAddr("m", metaplasticM))), z, z)
			t, large := d.small(z), YMM()
			VCMPPD(U8(atLeast), d.all(n.rational), z, large)
			VPTEST(large, large)
			end := []string{"lowsmall", "highsmall"}[half]
			JZ(LabelRef(end))
			VBLENDVPD(large, d.large(z), t, t)
			Label(end)
			d.leave(t)
			VCVTPS2PD(changes[half], z)
			VMULPD(t, z, z)
			if half == 0 {
				VCVTPD2PSY(z, shrinking.AsX())
			} else {
				VCVTPD2PSY(z, z.AsX())
				VINSERTF128(U8(1), z.AsX(), shrinking, shrinking)
			}
		}
		VBLENDVPS(down, shrinking, change, change)
		Label("free")
		sum := YMM()
		VADDPS(change, hidden, sum)
		VBLENDVPS(moved, sum, hidden, hidden)
		VMOVUPS(hidden, Mem{Base: h})

		weights, low, high, none := YMM(), YMM(), YMM(), YMM()
		VMOVUPS(Mem{Base: w}, weights)
		VXORPS(none, none, none)
		VCMPPS(U8(lessThan), none, hidden, low)
		VCMPPS(U8(above), none, weights, high)
		VANDPS(high, low, low)
		VCMPPS(U8(lessThan), none, weights, weights)
		VCMPPS(U8(above), none, hidden, high)
		VANDPS(weights, high, high)
		VORPS(high, low, low)
		VANDPS(moved, low, low)
		VMOVMSKPS(low, flags)
		MOVB(flags.As8(), Mem{Base: flips})
		Label("rest")
		INCQ(flips)
	})
	VZEROUPPER()
	Store(updates, ReturnIndex(0))
	RET()
}

// leave emits t = 1 - t².
func (d doubles) leave(t reg.VecVirtual) {
	VMULPD(t, t, t)
	VSUBPD(t, d.all(d.n.one), t)
}

func metaplasticParameters() (h, delta, w, flips, n, updates reg.GPVirtual) {
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	h, delta, w, flips, n, updates = get("h"), get("delta"), get("w"), get("flips"), get("n"), GP64()
	XORQ(updates, updates)
	return h, delta, w, flips, n, updates
}
