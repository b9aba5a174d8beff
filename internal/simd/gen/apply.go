package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that clip, apply and count updates.

// updates are where the apply kernels have their updates from: for each vector,
// delta·scale of delta, or (x·dz)·minus of dz, rounded in between.
type updates struct {
	signature, doc string
	factors        []int // offsets of the parameters that a vector is multiplied by, in order
	bound          int   // offset of the parameter bound
	tail           bool  // of AVX-512: n need not be a multiple of the vector
}

var (
	fromUpdates = updates{
		"func(w, delta *float32, scale, bound float32, n int, m1 *[8]float64) (m0, stored int)",
		"clips, applies and counts n updates, a multiple of", []int{16}, 20, false,
	}
	fromFactors = updates{
		"func(w, delta *float32, x, minus, bound float32, n int, m1 *[8]float64) (m0, stored int)",
		"computes the updates minus·(x·delta), clips, applies and counts n of them, without AVX-512 a multiple of", []int{16, 20}, 24, true,
	}
)

// update emits d = delta times the factors, one after the other.
func update(delta Op, factors []reg.VecVirtual, d reg.VecVirtual) {
	VMULPS(delta, factors[0], d)
	for _, f := range factors[1:] {
		VMULPS(f, d, d)
	}
}

// broadcast returns the factors, each in all lanes of a vector.
func (u updates) broadcast(vector func() reg.VecVirtual) (factors []reg.VecVirtual) {
	names := map[int]string{}
	if len(u.factors) == 1 {
		names[16] = "scale"
	} else {
		names[16], names[20] = "x", "minus"
	}
	for _, offset := range u.factors {
		f := vector()
		VBROADCASTSS(NewParamAddr(names[offset], offset), f)
		factors = append(factors, f)
	}
	return factors
}

// parameters of the apply kernels.
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

func apply512(name string, u updates) {
	TEXT(name, NOSPLIT, u.signature)
	Pragma("noescape")
	Doc(name + " " + u.doc + " 16.")
	w, delta, n, m1, m0, stored := applyParameters()
	factors := u.broadcast(ZMM)
	bound, lower, magnitude, zero := ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("bound", u.bound), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower) // 0 - bound
	ones := ZMM()
	VPTERNLOGD(U8(0xff), ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	sum := ZMM()
	VMOVUPD(Mem{Base: m1}, sum)
	count := func(d, before, after reg.VecVirtual) {
		changed, bits := K(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		KMOVW(changed, bits)
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), m0)
		moved, bits2 := K(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		KMOVW(moved, bits2)
		POPCNTL(bits2, bits2)
		ADDQ(bits2.As64(), stored)

		low, high, half := ZMM(), ZMM(), YMM()
		VPANDD(magnitude, d, d)
		VCVTPS2PD(d.AsY(), low)
		VEXTRACTF64X4(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sum, sum)
		VADDPD(high, sum, sum)
	}
	loop("loop", 16, n, []reg.Register{w, delta}, nil, func() {
		d, before, after := ZMM(), ZMM(), ZMM()
		update(Mem{Base: delta}, factors, d)
		VMINPS(d, bound, d) // the second source, here d, is returned if it is NaN
		VMAXPS(d, lower, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})
		count(d, before, after)
	})
	if u.tail {
		TESTQ(n, n)
		JZ(LabelRef("end"))
		rest := tailMask(n)
		d, before, after := ZMM(), ZMM(), ZMM()
		VMULPS_Z(Mem{Base: delta}, factors[0], rest, d)
		VMULPS(factors[1], d, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VMOVUPS_Z(Mem{Base: w}, rest, before)
		VADDPS(d, before, after)
		VMOVUPS(after, rest, Mem{Base: w})
		count(d, before, after)
		Label("end")
	}
	VMOVUPD(sum, Mem{Base: m1})
	finish(m0, stored)
}

func apply256(name string, u updates) {
	TEXT(name, NOSPLIT, u.signature)
	Pragma("noescape")
	Doc(name + " " + u.doc + " 8.")
	w, delta, n, m1, m0, stored := applyParameters()
	factors := u.broadcast(YMM)
	bound, lower, magnitude, zero := YMM(), YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("bound", u.bound), bound)
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
		update(Mem{Base: delta}, factors, d)
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
