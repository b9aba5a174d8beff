// Command gen writes the assembly of package simd. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not
// depend on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	scale512()
	scale256()
	addScaled512()
	addScaled256()
	axpy512()
	axpy256()
	apply512()
	apply256()
	t := newConstants()
	philox512(t)
	philox256(t)
	Generate()
}

// loop emits body for as long as n, counted in elements, has width left. The
// pointers advance by width float32 each, those of wide by width float64.
func loop(name string, width int, n reg.Register, pointers, wide []reg.Register, body func()) {
	Label(name)
	CMPQ(n, U32(width))
	JLT(LabelRef(name + "done"))
	body()
	for _, p := range pointers {
		ADDQ(U32(4*width), p)
	}
	for _, p := range wide {
		ADDQ(U32(8*width), p)
	}
	SUBQ(U32(width), n)
	JMP(LabelRef(name))
	Label(name + "done")
}

func scale512() { scale("scale512", 16, ZMM) }
func scale256() { scale("scale256", 8, YMM) }

func scale(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(dst, a *float32, x float32, n int)")
	Pragma("noescape")
	Doc(name + " writes x·a[i] to dst[i], for n elements, a multiple of the vector.")
	dst, a := Load(Param("dst"), GP64()), Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	x := vector()
	VBROADCASTSS(NewParamAddr("x", 16), x)
	loop("loop", width, n, []reg.Register{dst, a}, nil, func() {
		v := vector()
		VMULPS(Mem{Base: a}, x, v)
		VMOVUPS(v, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

func addScaled512() { addScaled("addScaled512", 16, ZMM) }
func addScaled256() { addScaled("addScaled256", 8, YMM) }

func addScaled(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(dst, a *float32, x float32, n int)")
	Pragma("noescape")
	Doc(name + " adds x·a[i] to dst[i], for n elements, a multiple of the vector.")
	dst, a := Load(Param("dst"), GP64()), Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	x := vector()
	VBROADCASTSS(NewParamAddr("x", 16), x)
	loop("loop", width, n, []reg.Register{dst, a}, nil, func() {
		v := vector()
		VMULPS(Mem{Base: a}, x, v) // no fused multiply-add: portable Go must give the same bits
		VADDPS(Mem{Base: dst}, v, v)
		VMOVUPS(v, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

func axpy512() { axpy("axpy512", 8, ZMM) }
func axpy256() { axpy("axpy256", 4, YMM) }

func axpy(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(acc *float64, w *float32, x float64, n int)")
	Pragma("noescape")
	Doc(name + " adds x·w[i] to acc[i] in float64, for n elements, a multiple of the vector.")
	acc, w := Load(Param("acc"), GP64()), Load(Param("w"), GP64())
	n := Load(Param("n"), GP64())
	x := vector()
	VBROADCASTSD(NewParamAddr("x", 16), x)
	loop("loop", width, n, []reg.Register{w}, []reg.Register{acc}, func() {
		v, sum := vector(), vector()
		VCVTPS2PD(Mem{Base: w}, v)
		VMOVUPD(Mem{Base: acc}, sum)
		VFMADD231PD(x, v, sum) // the product of two float32 is exact: same bits as multiply and add
		VMOVUPD(sum, Mem{Base: acc})
	})
	VZEROUPPER()
	RET()
}

const applySignature = "func(w, delta *float32, scale, bound float32, n int, m1 *[8]float64) (m0, stored int)"

// parameters of both apply kernels.
func applyParameters() (w, delta, n, m1 reg.Register, m0, stored reg.GPVirtual) {
	w, delta = Load(Param("w"), GP64()), Load(Param("delta"), GP64())
	n, m1 = Load(Param("n"), GP64()), Load(Param("m1"), GP64())
	m0, stored = GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	return w, delta, n, m1, m0, stored
}

func finish(m0, stored reg.Register) {
	VZEROUPPER()
	Store(m0.(reg.GPVirtual), ReturnIndex(0))
	Store(stored.(reg.GPVirtual), ReturnIndex(1))
	RET()
}

const notEqual = 4 // NEQ_UQ: true for NaN, as != is in Go

func apply512() {
	TEXT("apply512", NOSPLIT, applySignature)
	Pragma("noescape")
	Doc("apply512 clips, applies and counts n updates, a multiple of 16.")
	w, delta, n, m1, m0, stored := applyParameters()
	scale, bound, lower, magnitude, zero := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("scale", 16), scale)
	VBROADCASTSS(NewParamAddr("bound", 20), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower) // 0 - bound
	ones := ZMM()
	VPTERNLOGD(U8(0xff), ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	sum := ZMM()
	VMOVUPD(Mem{Base: m1}, sum)
	loop("loop", 16, n, []reg.Register{w, delta}, nil, func() {
		d, before, after := ZMM(), ZMM(), ZMM()
		VMULPS(Mem{Base: delta}, scale, d)
		VMINPS(d, bound, d) // the second source, here d, is returned if it is NaN
		VMAXPS(d, lower, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})

		changed, count := K(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		KMOVW(changed, count)
		POPCNTL(count, count)
		ADDQ(count.As64(), m0)
		moved, count2 := K(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		KMOVW(moved, count2)
		POPCNTL(count2, count2)
		ADDQ(count2.As64(), stored)

		low, high, half := ZMM(), ZMM(), YMM()
		VPANDD(magnitude, d, d)
		VCVTPS2PD(d.AsY(), low)
		VEXTRACTF64X4(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sum, sum)
		VADDPD(high, sum, sum)
	})
	VMOVUPD(sum, Mem{Base: m1})
	finish(m0, stored)
}

func apply256() {
	TEXT("apply256", NOSPLIT, applySignature)
	Pragma("noescape")
	Doc("apply256 clips, applies and counts n updates, a multiple of 8.")
	w, delta, n, m1, m0, stored := applyParameters()
	scale, bound, lower, magnitude, zero := YMM(), YMM(), YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("scale", 16), scale)
	VBROADCASTSS(NewParamAddr("bound", 20), bound)
	VXORPS(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	ones := YMM()
	VPCMPEQD(ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	sumLow, sumHigh := YMM(), YMM()
	VMOVUPD(Mem{Base: m1}, sumLow)
	VMOVUPD(Mem{Base: m1, Disp: 32}, sumHigh)
	loop("loop", 8, n, []reg.Register{w, delta}, nil, func() {
		d, before, after := YMM(), YMM(), YMM()
		VMULPS(Mem{Base: delta}, scale, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})

		changed, count := YMM(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		VMOVMSKPS(changed, count)
		POPCNTL(count, count)
		ADDQ(count.As64(), m0)
		moved, count2 := YMM(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		VMOVMSKPS(moved, count2)
		POPCNTL(count2, count2)
		ADDQ(count2.As64(), stored)

		low, high, half := YMM(), YMM(), XMM()
		VANDPS(magnitude, d, d)
		VCVTPS2PD(d.AsX(), low)
		VEXTRACTF128(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sumLow, sumLow)
		VADDPD(high, sumHigh, sumHigh)
	})
	VMOVUPD(sumLow, Mem{Base: m1})
	VMOVUPD(sumHigh, Mem{Base: m1, Disp: 32})
	finish(m0, stored)
}
