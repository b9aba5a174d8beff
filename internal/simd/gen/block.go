package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	blockSignature = "func(w *float32, wStride int, dw *float32, dwStride, rows, n, wAhead, dwAhead int, minus, bound float32, m1 *[16]float64) (m0, stored int)"
	blockDoc       = "applies the updates minus·g to rows of n weights where g is not zero, clipped, and counts them. Strides are in bytes, as is how far ahead of a weight, and of its gradient, is the weight that is asked for meanwhile."
)

// blockRows emits a loop over the rows of a block, with body for each.
func blockRows(body func(w, g, n reg.GPVirtual)) {
	w, g := Load(Param("w"), GP64()), Load(Param("dw"), GP64())
	rows := Load(Param("rows"), GP64())
	Label("row")
	TESTQ(rows, rows)
	JZ(LabelRef("end"))
	atW, atG, n := GP64(), GP64(), GP64()
	MOVQ(w, atW)
	MOVQ(g, atG)
	Load(Param("n"), n)
	body(atW, atG, n)
	ADDQ(NewParamAddr("wStride", 8), w)
	ADDQ(NewParamAddr("dwStride", 24), g)
	DECQ(rows)
	JMP(LabelRef("row"))
	Label("end")
}

// askAhead emits a prefetch of the weights that are wAhead bytes ahead, if the
// gradient of the first of them is not zero.
func askAhead(name string, w, g, wAhead, gAhead reg.Register) {
	CMPL(Mem{Base: g, Index: gAhead, Scale: 1}, U8(0))
	JE(LabelRef(name))
	PREFETCHT0(Mem{Base: w, Index: wAhead, Scale: 1})
	Label(name)
}

func applyBlock512() {
	TEXT("applyBlock512", NOSPLIT, blockSignature)
	Pragma("noescape")
	Doc("applyBlock512 " + blockDoc)
	minus, bound, lower, magnitude, zero := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("minus", 64), minus)
	VBROADCASTSS(NewParamAddr("bound", 68), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	VPTERNLOGD(U8(0xff), magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	m1 := Load(Param("m1"), GP64())
	low, high := ZMM(), ZMM()
	VMOVUPD(Mem{Base: m1}, low)
	VMOVUPD(Mem{Base: m1, Disp: 64}, high)
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	wAhead, gAhead := Load(Param("wAhead"), GP64()), Load(Param("dwAhead"), GP64())

	// learn works on the lanes of g, the others of which are zero.
	learn := func(skip string, w reg.Register, g reg.VecVirtual) {
		touched, changed, moved := K(), K(), K()
		VCMPPS(U8(notEqual), zero, g, touched)
		KORTESTW(touched, touched)
		JZ(LabelRef(skip))
		d, before, after := ZMM(), ZMM(), ZMM()
		VMULPS(minus, g, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VMOVUPS_Z(Mem{Base: w}, touched, before)
		VADDPS(d, before, after)
		VMOVUPS(after, touched, Mem{Base: w})
		count := func(k reg.OpmaskVirtual, sum reg.GPVirtual) {
			bits := GP32()
			KMOVW(k, bits)
			POPCNTL(bits, bits)
			ADDQ(bits.As64(), sum)
		}
		VCMPPS(U8(notEqual), zero, d, touched, changed)
		count(changed, m0)
		VCMPPS(U8(notEqual), before, after, touched, moved)
		count(moved, stored)
		first, last, half := ZMM(), ZMM(), YMM()
		VPANDD(magnitude, d, d)
		VCVTPS2PD(d.AsY(), first)
		VEXTRACTF64X4(U8(1), d, half)
		VCVTPS2PD(half, last)
		VADDPD(first, low, low)
		VADDPD(last, high, high)
		Label(skip)
	}
	blockRows(func(w, g, n reg.GPVirtual) {
		loop("whole", 16, n, []reg.Register{w, g}, nil, func() {
			askAhead("wholefar", w, g, wAhead, gAhead)
			v := ZMM()
			VMOVUPS(Mem{Base: g}, v)
			learn("wholezero", w, v)
		})
		TESTQ(n, n)
		JZ(LabelRef("next"))
		askAhead("restfar", w, g, wAhead, gAhead)
		v := ZMM()
		VMOVUPS_Z(Mem{Base: g}, tailMask(n), v)
		learn("next", w, v)
	})
	VMOVUPD(low, Mem{Base: m1})
	VMOVUPD(high, Mem{Base: m1, Disp: 64})
	finish(m0, stored)
}

func applyBlock256() {
	TEXT("applyBlock256", NOSPLIT, blockSignature)
	Pragma("noescape")
	Doc("applyBlock256 " + blockDoc)
	minus, bound, lower, magnitude, zero := YMM(), YMM(), YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("minus", 64), minus)
	VBROADCASTSS(NewParamAddr("bound", 68), bound)
	VXORPS(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	VPCMPEQD(magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	m1 := Load(Param("m1"), GP64())
	var sums [4]reg.VecVirtual
	for i := range sums {
		sums[i] = YMM()
		VMOVUPD(Mem{Base: m1, Disp: 32 * i}, sums[i])
	}
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	wAhead, gAhead := Load(Param("wAhead"), GP64()), Load(Param("dwAhead"), GP64())

	whole := half256{
		func(from Mem, to reg.VecVirtual) { VMOVUPS(from, to) },
		func(after, before, touched reg.VecVirtual, w Mem) {
			VBLENDVPS(touched, after, before, after) // the sum of -0 and 0 is another zero
			VMOVUPS(after, w)
		},
	}
	// learn works on half a line.
	learn := func(part half256, skip string, w, g Mem, low, high reg.VecVirtual) {
		touched, v, bits := YMM(), YMM(), GP32()
		part.load(g, v)
		VCMPPS(U8(notEqual), zero, v, touched)
		VMOVMSKPS(touched, bits)
		TESTL(bits, bits)
		JZ(LabelRef(skip))
		d, before, after := YMM(), YMM(), YMM()
		VMULPS(minus, v, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VANDPS(touched, d, d)
		part.load(w, before)
		VADDPS(d, before, after)
		part.store(after, before, touched, w)
		count := func(a, b reg.VecVirtual, sum reg.GPVirtual) {
			differ, bits := YMM(), GP32()
			VCMPPS(U8(notEqual), a, b, differ)
			VANDPS(touched, differ, differ)
			VMOVMSKPS(differ, bits)
			POPCNTL(bits, bits)
			ADDQ(bits.As64(), sum)
		}
		count(zero, d, m0)
		count(before, after, stored)
		first, last, half := YMM(), YMM(), XMM()
		VANDPS(magnitude, d, d)
		VCVTPS2PD(d.AsX(), first)
		VEXTRACTF128(U8(1), d, half)
		VCVTPS2PD(half, last)
		VADDPD(first, low, low)
		VADDPD(last, high, high)
		Label(skip)
	}
	blockRows(func(w, g, n reg.GPVirtual) {
		loop("line", 16, n, []reg.Register{w, g}, nil, func() {
			askAhead("far", w, g, wAhead, gAhead)
			learn(whole, "lowzero", Mem{Base: w}, Mem{Base: g}, sums[0], sums[1])
			learn(whole, "highzero", Mem{Base: w, Disp: 32}, Mem{Base: g, Disp: 32}, sums[2], sums[3])
		})
		// The rest of a row comes before the next row, or a sum would depend on the
		// width of the vectors.
		TESTQ(n, n)
		JZ(LabelRef("next"))
		learn(rest256(n, 0), "lowrest", Mem{Base: w}, Mem{Base: g}, sums[0], sums[1])
		CMPQ(n, U8(8))
		JLE(LabelRef("next"))
		learn(rest256(n, 8), "next", Mem{Base: w, Disp: 32}, Mem{Base: g, Disp: 32}, sums[2], sums[3])
	})
	for i, s := range sums {
		VMOVUPD(s, Mem{Base: m1, Disp: 32 * i})
	}
	finish(m0, stored)
}

// half256 is how half a line is read, and how after is written where it is touched.
type half256 struct {
	load  func(from Mem, to reg.VecVirtual)
	store func(after, before, touched reg.VecVirtual, w Mem)
}

// rest256 is the half of a line of which lanes first to n-1 exist: nothing beyond
// is read or written.
func rest256(n reg.GPVirtual, first int) half256 {
	low, rest := XMM(), YMM()
	VMOVD(n.As32(), low)
	VPBROADCASTD(low, rest)
	VPCMPGTD(lanesFrom(first), rest, rest)
	return half256{
		func(from Mem, to reg.VecVirtual) { VMASKMOVPS(from, rest, to) },
		func(after, _, touched reg.VecVirtual, w Mem) { VMASKMOVPS(after, touched, w) },
	}
}

// lanesFrom are the numbers first to first+7.
func lanesFrom(first int) Mem {
	lanes := GLOBL(fmt.Sprintf("lanes%d", first), RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(first+i))
	}
	return lanes
}
