package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// e^x in float64; exp.go of package simd, which has the same numbers, says how.
const (
	lowest, highest = -746, 710
	ln2High, ln2Low = 6.93147180369123816490e-01, 1.90821492927058770002e-10
	integers        = 1<<52 + 1<<51
	biases          = 2 * 1023
)

const expSignature = "func(x *float64, n int)"

// expNumbers are the numbers that e^x is computed with: in registers, or, where
// there are not enough, in memory in each lane of a vector.
type expNumbers struct {
	lowest, highest, log2e, shift, integers, ln2High, ln2Low, one Op
	even, odd                                                     []Op // 1/12! … 1/2!, 1/13! … 1/3!
}

func newExpNumbers() (e expNumbers) {
	const lanes = 4
	at, table := 0, GLOBL("expNumbers", RODATA|NOPTR)
	number := func(x float64) Op {
		m := table.Offset(at)
		for range lanes {
			DATA(at, U64(math.Float64bits(x)))
			at += 8
		}
		return m
	}
	e = expNumbers{
		lowest: number(lowest), highest: number(highest),
		log2e: number(math.Log2E), shift: number(integers + biases), integers: number(integers),
		ln2High: number(ln2High), ln2Low: number(ln2Low), one: number(1),
	}
	for n := 12; n >= 2; n -= 2 {
		e.even = append(e.even, number(1/math.Gamma(float64(n+1))))
		e.odd = append(e.odd, number(1/math.Gamma(float64(n+2))))
	}
	return e
}

// broadcast emits the loading of the numbers into registers.
func (e expNumbers) broadcast() expNumbers {
	register := func(m Op) Op {
		v := ZMM()
		VBROADCASTSD(m, v)
		return v
	}
	registers := func(from []Op) (to []Op) {
		for _, m := range from {
			to = append(to, register(m))
		}
		return to
	}
	return expNumbers{
		register(e.lowest), register(e.highest), register(e.log2e), register(e.shift), register(e.integers),
		register(e.ln2High), register(e.ln2Low), register(e.one), registers(e.even), registers(e.odd),
	}
}

func exp512(e expNumbers) {
	TEXT("exp512", NOSPLIT, expSignature)
	Pragma("noescape")
	Doc("exp512 replaces n numbers by e to their power.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	e = e.broadcast()
	loop("loop", 8, n, nil, []reg.Register{x}, func() {
		v := ZMM()
		VMOVUPD(Mem{Base: x}, v)
		e.power(v, ZMM)
		VMOVUPD(v, Mem{Base: x})
	})
	tail(n, func(rest reg.OpmaskVirtual) {
		v := ZMM()
		VMOVUPD_Z(Mem{Base: x}, rest, v)
		e.power(v, ZMM)
		VMOVUPD(v, rest, Mem{Base: x})
	})
	VZEROUPPER()
	RET()
}

func exp256(e expNumbers) {
	TEXT("exp256", NOSPLIT, expSignature)
	Pragma("noescape")
	Doc("exp256 replaces n numbers, a multiple of 4, by e to their power.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	loop("loop", 4, n, nil, []reg.Register{x}, func() {
		v := YMM()
		VMOVUPD(Mem{Base: x}, v)
		e.power(v, YMM)
		VMOVUPD(v, Mem{Base: x})
	})
	VZEROUPPER()
	RET()
}

// power emits v = e^v, step by step as power of package simd.
func (e expNumbers) power(v reg.VecVirtual, vector func() reg.VecVirtual) {
	limit, shifted, k, part := vector(), vector(), vector(), vector()
	VMOVUPD(e.highest, limit)
	VMINPD(v, limit, v) // the second source, here v, is returned if it is NaN
	VMOVUPD(e.lowest, limit)
	VMAXPD(v, limit, v)

	VMULPD(e.log2e, v, shifted)
	VADDPD(e.shift, shifted, shifted)
	VSUBPD(e.shift, shifted, k)
	VMULPD(e.ln2High, k, part) // no fused multiply-add: portable Go must give the same bits
	VSUBPD(part, v, v)
	VMULPD(e.ln2Low, k, part)
	VSUBPD(part, v, v)

	square, even, odd := vector(), vector(), vector()
	VMULPD(v, v, square)
	VMOVUPD(e.even[0], even)
	VMOVUPD(e.odd[0], odd)
	for i := range e.even[1:] {
		VMULPD(square, even, even)
		VMULPD(square, odd, odd)
		VADDPD(e.even[1+i], even, even)
		VADDPD(e.odd[1+i], odd, odd)
	}
	VMULPD(v, odd, odd)
	VADDPD(odd, even, even)
	VMULPD(square, even, even)
	VADDPD(v, even, even)
	VADDPD(e.one, even, v)

	half := vector()
	VPSUBQ(e.integers, shifted, shifted)
	VPSRLQ(U8(1), shifted, half)
	VPSUBQ(half, shifted, shifted)
	VPSLLQ(U8(52), half, half)
	VPSLLQ(U8(52), shifted, shifted)
	VMULPD(half, v, v)
	VMULPD(shifted, v, v)
}
