package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	blockSignature = "func(w *float32, wStride int, dw *float32, dwStride, rows, n, wAhead, dwAhead int, minus, bound float32, m1 *[16]float64, work *[8]float64, writes *uint8) (m0, stored int)"
	blockDoc       = "applies the updates minus·g to rows of n weights where g is not zero, clipped, and counts them. Strides are in bytes, as is how far ahead of a weight, and of its gradient, is the weight that is asked for meanwhile. Unless writes is nil, 1 is added there, in rows wStride/4 bytes apart, where an update is not zero."
)

// blockRows emits a loop over the rows of a block, with body for each, for updates that
// are clipped and for those that are not. Labels begin with prefix; next is that of the
// next row.
func blockRows(body func(prefix string, free bool, w, g, writes, n reg.GPVirtual)) {
	whetherFree(68, func(prefix string, free bool) { eachRow(prefix, free, body) })
}

func eachRow(prefix string, free bool, body func(prefix string, free bool, w, g, writes, n reg.GPVirtual)) {
	w, g, writes := Load(Param("w"), GP64()), Load(Param("dw"), GP64()), Load(Param("writes"), GP64())
	rows := Load(Param("rows"), GP64())
	Label(prefix + "row")
	TESTQ(rows, rows)
	JZ(LabelRef(prefix + "end"))
	atW, atG, atWrites, n, stride := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(w, atW)
	MOVQ(g, atG)
	MOVQ(writes, atWrites)
	Load(Param("n"), n)
	body(prefix, free, atW, atG, atWrites, n)
	Load(Param("wStride"), stride)
	ADDQ(stride, w)
	SHRQ(U8(2), stride)
	ADDQ(stride, writes)
	ADDQ(NewParamAddr("dwStride", 24), g)
	DECQ(rows)
	JMP(LabelRef(prefix + "row"))
	Label(prefix + "end")
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
	minus, bound, lower, zero := ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("minus", 64), minus)
	VBROADCASTSS(NewParamAddr("bound", 68), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	low, high, products, one := ZMM(), ZMM(), ZMM(), XMM()
	m1 := Load(Param("m1"), GP64())
	VMOVUPD(Mem{Base: m1}, low)
	VMOVUPD(Mem{Base: m1, Disp: 64}, high)
	VMOVUPD(Mem{Base: Load(Param("work"), GP64())}, products)
	VPCMPEQB(one, one, one)
	VPABSB(one, one)
	s := sums{vector: ZMM, halves: halves512, m1: [2]reg.VecVirtual{low, high}, work: [2]reg.VecVirtual{products, products}, magnitude: magnitude64(ZMM, ones512)}
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	wAhead, gAhead := Load(Param("wAhead"), GP64()), Load(Param("dwAhead"), GP64())

	// learn works on the lanes of g, the others of which are zero.
	learn := func(skip string, unclipped bool, w, writes reg.Register, g reg.VecVirtual) {
		touched, changed, moved := K(), K(), K()
		VCMPPS(U8(notEqual), zero, g, touched)
		KORTESTW(touched, touched)
		JZ(LabelRef(skip))
		free, before, after := ZMM(), ZMM(), ZMM()
		VMULPS_Z(minus, g, touched, free)
		d := limited(ZMM, free, bound, lower, unclipped)
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
		uncounted := skip + "uncounted"
		CMPQ(NewParamAddr("writes", 88), U8(0))
		JE(LabelRef(uncounted))
		bytes := XMM()
		VMOVDQU8_Z(Mem{Base: writes}, changed, bytes)
		VPADDB(one, bytes, bytes)
		VMOVDQU8(bytes, changed, Mem{Base: writes})
		Label(uncounted)
		VCMPPS(U8(notEqual), before, after, touched, moved)
		count(moved, stored)
		s.addFree(d, free, unclipped)
		Label(skip)
	}
	blockRows(func(prefix string, unclipped bool, w, g, writes, n reg.GPVirtual) {
		loop(prefix+"whole", 16, n, []reg.Register{w, g}, nil, func() {
			askAhead(prefix+"wholefar", w, g, wAhead, gAhead)
			v := ZMM()
			VMOVUPS(Mem{Base: g}, v)
			learn(prefix+"wholezero", unclipped, w, writes, v)
			ADDQ(U32(16), writes)
		})
		TESTQ(n, n)
		JZ(LabelRef(prefix + "next"))
		askAhead(prefix+"restfar", w, g, wAhead, gAhead)
		v := ZMM()
		VMOVUPS_Z(Mem{Base: g}, tailMask(n), v)
		learn(prefix+"next", unclipped, w, writes, v)
	})
	m1 = Load(Param("m1"), GP64())
	VMOVUPD(low, Mem{Base: m1})
	VMOVUPD(high, Mem{Base: m1, Disp: 64})
	VMOVUPD(products, Mem{Base: Load(Param("work"), GP64())})
	finish(m0, stored)
}

func applyBlock256() {
	TEXT("applyBlock256", NOSPLIT, blockSignature)
	Pragma("noescape")
	Doc("applyBlock256 " + blockDoc)
	minus, bound, lower := YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("minus", 64), minus)
	VBROADCASTSS(NewParamAddr("bound", 68), bound)
	VXORPS(lower, lower, lower)
	VSUBPS(bound, lower, lower)
	work := Load(Param("work"), GP64())
	low := sums{vector: YMM, halves: halves256, magnitude: magnitude64(YMM, ones256)}
	for h := range 2 {
		low.work[h] = YMM()
		VMOVUPD(Mem{Base: work, Disp: 32 * h}, low.work[h])
	}
	high := low // the halves of a line have the same sums of products
	m1 := Load(Param("m1"), GP64())
	parts := []*reg.VecVirtual{&low.m1[0], &low.m1[1], &high.m1[0], &high.m1[1]}
	for i, p := range parts {
		*p = YMM()
		VMOVUPD(Mem{Base: m1, Disp: 32 * i}, *p)
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
		func(changed reg.VecVirtual, _ string, writes Mem) {
			bytes, counts := XMM(), XMM()
			VEXTRACTI128(U8(1), changed, bytes)
			VPACKSSDW(bytes, changed.AsX(), bytes)
			VPACKSSWB(bytes, bytes, bytes) // -1 where an update is not zero
			VMOVQ(writes, counts)
			VPSUBB(bytes, counts, counts)
			VMOVQ(counts, writes)
		},
	}
	// learn works on half a line.
	learn := func(part half256, skip string, unclipped bool, w, g, writes Mem, s sums) {
		touched, free, bits := YMM(), YMM(), GP32() // no zero is kept: sixteen registers are few
		part.load(g, free)
		VXORPS(touched, touched, touched)
		VCMPPS(U8(notEqual), touched, free, touched)
		VMOVMSKPS(touched, bits)
		TESTL(bits, bits)
		JZ(LabelRef(skip))
		before, after := YMM(), YMM()
		VMULPS(minus, free, free)
		VANDPS(touched, free, free)
		d := limited(YMM, free, bound, lower, unclipped)
		part.load(w, before)
		VADDPS(d, before, after)
		part.store(after, before, touched, w)
		count := func(a, b, differ reg.VecVirtual, sum reg.GPVirtual) {
			bits := GP32()
			VCMPPS(U8(notEqual), a, b, differ)
			VANDPS(touched, differ, differ)
			VMOVMSKPS(differ, bits)
			POPCNTL(bits, bits)
			ADDQ(bits.As64(), sum)
		}
		count(before, after, after, stored)
		zero := YMM()
		VXORPS(zero, zero, zero)
		count(zero, d, zero, m0)
		CMPQ(NewParamAddr("writes", 88), U8(0))
		JE(LabelRef(skip + "uncounted"))
		part.count(zero, skip, writes)
		Label(skip + "uncounted")
		s.addFree(d, free, unclipped)
		Label(skip)
	}
	blockRows(func(prefix string, unclipped bool, w, g, writes, n reg.GPVirtual) {
		loop(prefix+"line", 16, n, []reg.Register{w, g}, nil, func() {
			askAhead(prefix+"far", w, g, wAhead, gAhead)
			learn(whole, prefix+"lowzero", unclipped, Mem{Base: w}, Mem{Base: g}, Mem{Base: writes}, low)
			learn(whole, prefix+"highzero", unclipped, Mem{Base: w, Disp: 32}, Mem{Base: g, Disp: 32}, Mem{Base: writes, Disp: 8}, high)
			ADDQ(U32(16), writes)
		})
		// The rest of a row comes before the next row, or a sum would depend on the
		// width of the vectors.
		TESTQ(n, n)
		JZ(LabelRef(prefix + "next"))
		learn(rest256(n, 0), prefix+"lowrest", unclipped, Mem{Base: w}, Mem{Base: g}, Mem{Base: writes}, low)
		CMPQ(n, U8(8))
		JLE(LabelRef(prefix + "next"))
		learn(rest256(n, 8), prefix+"next", unclipped, Mem{Base: w, Disp: 32}, Mem{Base: g, Disp: 32}, Mem{Base: writes, Disp: 8}, high)
	})
	m1, work = Load(Param("m1"), GP64()), Load(Param("work"), GP64())
	for i, p := range parts {
		VMOVUPD(*p, Mem{Base: m1, Disp: 32 * i})
	}
	for h, products := range low.work {
		VMOVUPD(products, Mem{Base: work, Disp: 32 * h})
	}
	finish(m0, stored)
}

// half256 is how half a line is read, how after is written where it is touched, and how what is changed is
// counted. Labels begin with prefix.
type half256 struct {
	load  func(from Mem, to reg.VecVirtual)
	store func(after, before, touched reg.VecVirtual, w Mem)
	count func(changed reg.VecVirtual, prefix string, writes Mem)
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
		func(changed reg.VecVirtual, prefix string, writes Mem) {
			bits, at := GP64(), GP64()
			VMOVMSKPS(changed, bits.As32())
			Label(prefix + "count")
			TESTQ(bits, bits)
			JZ(LabelRef(prefix + "uncounted"))
			TZCNTQ(bits, at)
			INCB(writes.Idx(at, 1))
			BLSRQ(bits, bits)
			JMP(LabelRef(prefix + "count"))
		},
	}
}

// numbered are the constants that lanesFrom has emitted.
var numbered = map[int]Mem{}

// lanesFrom are the numbers first to first+7.
func lanesFrom(first int) Mem {
	if lanes, ok := numbered[first]; ok {
		return lanes
	}
	lanes := GLOBL(fmt.Sprintf("lanes%d", first), RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(first+i))
	}
	numbered[first] = lanes
	return lanes
}
