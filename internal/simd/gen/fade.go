package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that add updates to numbers which decay by them.

const (
	fadeSignature = "func(a, delta *float32, bound, decay float32, n int, amount *[16]float64) (updates int)"
	fadeDoc       = "adds updates delta, which become 0, to n numbers a that decay by them and stay within ±bound, counts those that are not 0 and adds up by how much a changes. n is a multiple of"
)

func fade512() {
	TEXT("fade512", NOSPLIT, fadeSignature)
	Pragma("noescape")
	Doc("fade512 " + fadeDoc + " 16.")
	a, delta, n, updates := fadeParameters()
	zero, magnitude, wide, bound, lower, decay := ZMM(), ZMM(), magnitude64(ZMM, ones512), ZMM(), ZMM(), ZMM()
	VPXORD(zero, zero, zero)
	ones512(magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	VBROADCASTSS(NewParamAddr("bound", 16), bound)
	VBROADCASTSS(NewParamAddr("decay", 20), decay)
	VSUBPS(bound, zero, lower)
	amount, sums := Load(Param("amount"), GP64()), [2]reg.VecVirtual{ZMM(), ZMM()}
	for h, sum := range sums {
		VMOVUPD(Mem{Base: amount, Disp: 64 * h}, sum)
	}
	loop("loop", 16, n, []reg.Register{a, delta}, nil, func() {
		d, changed, flags := ZMM(), K(), GP32()
		VMOVUPS(Mem{Base: delta}, d)
		VCMPPS(U8(notEqual), zero, d, changed)
		KMOVW(changed, flags)
		TESTL(flags, flags)
		JZ(LabelRef("zero"))
		add(flags, updates)
		VMOVUPS(zero, Mem{Base: delta})
		before, lost, after := ZMM(), ZMM(), ZMM()
		VMOVUPS(Mem{Base: a}, before)
		VPANDD(magnitude, d, lost)
		VMULPS(decay, lost, lost)
		VMULPS(before, lost, lost)
		VSUBPS(lost, d, d)
		VADDPS(d, before, d)
		VMAXPS(d, lower, d) // the second source, here d, is returned if it is NaN
		VMOVAPS(before, after)
		VMINPS(d, bound, changed, after)
		VMOVUPS(after, Mem{Base: a})
		VMOVAPS_Z(before, changed, before)
		VMOVAPS_Z(after, changed, after)
		ends := [2]halves{halves512(after), halves512(before)}
		for h := range 2 {
			x, y := ZMM(), ZMM()
			VCVTPS2PD(ends[0][h], x)
			VCVTPS2PD(ends[1][h], y)
			VSUBPD(y, x, x)
			VPANDQ(wide, x, x)
			VADDPD(x, sums[h], sums[h])
		}
		Label("zero")
	})
	amount = Load(Param("amount"), GP64())
	for h, sum := range sums {
		VMOVUPD(sum, Mem{Base: amount, Disp: 64 * h})
	}
	VZEROUPPER()
	Store(updates, ReturnIndex(0))
	RET()
}

func fade256() {
	TEXT("fade256", NOSPLIT, fadeSignature)
	Pragma("noescape")
	Doc("fade256 " + fadeDoc + " 8.")
	a, delta, n, updates := fadeParameters()
	amount, sums := Load(Param("amount"), GP64()), [4]reg.VecVirtual{YMM(), YMM(), YMM(), YMM()}
	for h, sum := range sums {
		VMOVUPD(Mem{Base: amount, Disp: 32 * h}, sum)
	}
	half := func(name string, number int) {
		at := func(base reg.Register) Mem { return Mem{Base: base, Disp: 32 * number} }
		d, changed, flags := YMM(), YMM(), GP32()
		VMOVUPS(at(delta), d)
		VXORPS(changed, changed, changed)
		VCMPPS(U8(notEqual), changed, d, changed)
		VMOVMSKPS(changed, flags)
		TESTL(flags, flags)
		JZ(LabelRef(name))
		add(flags, updates)
		before, lost, bound := YMM(), YMM(), YMM()
		VXORPS(lost, lost, lost)
		VMOVUPS(lost, at(delta))
		VMOVUPS(at(a), before)
		ones256(lost)
		VPSRLD(U8(1), lost, lost)
		VPAND(d, lost, lost)
		VBROADCASTSS(NewParamAddr("decay", 20), bound)
		VMULPS(bound, lost, lost)
		VMULPS(before, lost, lost)
		VSUBPS(lost, d, d)
		VADDPS(d, before, d)
		VBROADCASTSS(NewParamAddr("bound", 16), bound)
		VXORPS(lost, lost, lost)
		VSUBPS(bound, lost, lost)
		VMAXPS(d, lost, d)
		VMINPS(d, bound, d)
		VBLENDVPS(changed, d, before, d)
		VMOVUPS(d, at(a))
		VANDPS(changed, before, before)
		VANDPS(changed, d, d)
		ends := [2]halves{halves256(d), halves256(before)}
		for h := range 2 {
			x, y, sum := YMM(), YMM(), sums[2*number+h]
			VCVTPS2PD(ends[0][h], x)
			VCVTPS2PD(ends[1][h], y)
			VSUBPD(y, x, x)
			VANDPD(magnitude64(YMM, ones256), x, x)
			VADDPD(x, sum, sum)
		}
		Label(name)
	}
	loop("line", 16, n, []reg.Register{a, delta}, nil, func() {
		half("lowzero", 0)
		half("highzero", 1)
	})
	TESTQ(n, n)
	JZ(LabelRef("end"))
	half("end", 0)
	amount = Load(Param("amount"), GP64())
	for h, sum := range sums {
		VMOVUPD(sum, Mem{Base: amount, Disp: 32 * h})
	}
	VZEROUPPER()
	Store(updates, ReturnIndex(0))
	RET()
}

func fadeParameters() (a, delta, n, updates reg.GPVirtual) {
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	a, delta, n, updates = get("a"), get("delta"), get("n"), GP64()
	XORQ(updates, updates)
	return a, delta, n, updates
}
