package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that learn rows of an outer product x ⊗ dz.

const (
	outerSignature = "func(w, dz, x *float32, rows *int32, count, stride, first, n int, minus, bound, free, least, most float32, nonzero int, m1, work *[8]float64) (m0, stored int)"
	outerDoc       = "applies the updates minus·(x·dz), clipped, to n weights of each of count rows, which are stride apart, and counts them. Weight i from w is in lane (first+i) mod 8. least and most are magnitudes of those dz that are not zero, as many as nonzero says: rows in which no update exceeds free need no clip, and if none is rounded to zero no count."
)

// outer is what the kernels of either width do alike. Sums are kept with the lane of a row's first
// weight in front, so that all vectors of a row add to the lanes as they are.
type outer struct {
	width         int // of a vector, float32
	minus, x      reg.VecVirtual
	m0            reg.GPVirtual               // of rows that are not counted
	rest          reg.GPVirtual               // n mod width
	turn          func(by reg.GPVirtual)      // moves lane by of the sums to the front
	free, clipped func(w, dz Mem, whole bool) // learns one vector of a row, or the rest of it
}

// learn emits the loop over the rows.
func (o *outer) learn() {
	w, dz, x := Load(Param("w"), GP64()), Load(Param("dz"), GP64()), Load(Param("x"), GP64())
	rows, count := Load(Param("rows"), GP64()), Load(Param("count"), GP64())
	stride, whole, front := Load(Param("stride"), GP64()), Load(Param("n"), GP64()), GP64()
	SUBQ(o.rest, whole)
	XORQ(o.m0, o.m0)
	XORQ(front, front)
	SUBQ(argument("first"), front)

	Label("row")
	at, by := GP64(), GP64()
	MOVLQSX(Mem{Base: rows}, at)
	ADDQ(U32(4), rows)
	VBROADCASTSS(Mem{Base: x, Index: at, Scale: 4}, o.x)
	IMULQ(stride, at)
	MOVQ(at, by)
	SUBQ(front, by)
	MOVQ(at, front)
	ANDQ(U32(7), by)
	o.turn(by)
	LEAQ(Mem{Base: w, Index: at, Scale: 4}, at)
	o.unlessFree("clipped")
	ADDQ(argument("nonzero"), o.m0)
	o.vectors("free", whole, at, dz, o.free)
	JMP(LabelRef("next"))
	Label("clipped")
	o.vectors("clip", whole, at, dz, o.clipped)
	Label("next")
	DECQ(count)
	JNZ(LabelRef("row"))

	ADDQ(argument("first"), front)
	NEGQ(front)
	ANDQ(U32(7), front)
	o.turn(front)
}

// unlessFree jumps where an update of the row may exceed free, or be rounded to zero, or be no number.
// Rounding keeps the order of magnitudes, so that the largest dz has the largest update.
func (o *outer) unlessFree(label string) {
	largest, smallest, magnitude, limit := XMM(), XMM(), XMM(), XMM()
	VMULSS(argument("most"), o.x.AsX(), largest)
	VMULSS(o.minus.AsX(), largest, largest)
	VPCMPEQD(magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	VANDPS(magnitude, largest, largest)
	VMOVSS(argument("free"), limit)
	VUCOMISS(largest, limit)
	JCS(LabelRef(label)) // less, or not to be compared
	VMULSS(argument("least"), o.x.AsX(), smallest)
	VMULSS(o.minus.AsX(), smallest, smallest)
	VXORPS(limit, limit, limit)
	VUCOMISS(smallest, limit)
	JEQ(LabelRef(label))
}

// vectors emits body for all vectors of a row, the last of which may be a part.
func (o *outer) vectors(name string, whole, w, dz reg.Register, body func(w, dz Mem, whole bool)) {
	at := GP64()
	XORQ(at, at)
	Label(name)
	CMPQ(at, whole)
	JGE(LabelRef(name + "rest"))
	body(Mem{Base: w, Index: at, Scale: 4}, Mem{Base: dz, Index: at, Scale: 4}, true)
	ADDQ(U32(uint32(o.width)), at)
	JMP(LabelRef(name))
	Label(name + "rest")
	TESTQ(o.rest, o.rest)
	JZ(LabelRef(name + "end"))
	body(Mem{Base: w, Index: at, Scale: 4}, Mem{Base: dz, Index: at, Scale: 4}, false)
	Label(name + "end")
}

func applyOuterRows512() {
	TEXT("applyOuterRows512", NOSPLIT, outerSignature)
	Pragma("noescape")
	Doc("applyOuterRows512 " + outerDoc)
	o := &outer{width: 16, minus: ZMM(), x: ZMM(), m0: GP64(), rest: GP64()}
	Load(Param("n"), o.rest)
	ANDQ(U32(15), o.rest)
	rest := tailMask(o.rest)
	bound, lower, zero, one, magnitude := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(argument("minus"), o.minus)
	VBROADCASTSS(argument("bound"), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	ones512(magnitude)
	VPSRLD(U8(31), magnitude, one)
	VPSRLD(U8(1), magnitude, magnitude)
	changed, stored := ZMM(), ZMM() // each lane counts for itself
	VPXORD(changed, changed, changed)
	VPXORD(stored, stored, stored)
	s := newSums512()
	o.turn = turn512(s)
	count := func(a, b, sum reg.VecVirtual) {
		differ := K()
		VCMPPS(U8(notEqual), a, b, differ)
		VPADDD(one, sum, differ, sum)
	}
	updates := func(dz Mem, whole bool) reg.VecVirtual {
		d := ZMM()
		if whole {
			VMULPS(dz, o.x, d)
			VMULPS(o.minus, d, d)
		} else {
			VMULPS_Z(dz, o.x, rest, d)
			VMULPS_Z(o.minus, d, rest, d) // beside the row 0, whatever minus is
		}
		return d
	}
	apply := func(w Mem, d reg.VecVirtual, whole bool) {
		before, after := ZMM(), ZMM()
		if whole {
			VMOVUPS(w, before)
			VADDPS(d, before, after)
			VMOVUPS(after, w)
		} else {
			VMOVUPS_Z(w, rest, before)
			VADDPS(d, before, after)
			VMOVUPS(after, rest, w)
		}
		count(before, after, stored)
	}
	o.free = func(w, dz Mem, whole bool) {
		d := updates(dz, whole)
		apply(w, d, whole)
		VPANDD(magnitude, d, d)
		low := halves512(d)
		s.addMagnitudes(0, low[0])
		if !whole {
			CMPQ(o.rest, U8(8))
			JLE(LabelRef("freeend")) // the other half is beside the row
		}
		s.addMagnitudes(1, low[1])
	}
	o.clipped = func(w, dz Mem, whole bool) {
		free, d := updates(dz, whole), ZMM()
		VMINPS(free, bound, d) // the second source, here free, is returned if it is NaN
		VMAXPS(d, lower, d)
		apply(w, d, whole)
		count(zero, d, changed)
		s.add(d, halves512(free))
	}
	o.learn()
	s.store()
	fold := func(v reg.VecVirtual) reg.VecVirtual {
		high := YMM()
		VEXTRACTI64X4(U8(1), v, high)
		VPADDD(high, v.AsY(), high)
		return high
	}
	o.finish(fold(changed), fold(stored))
}

// turn512 turns sums by a table of the order of lanes, for each that may be in front.
func turn512(s sums) func(by reg.GPVirtual) {
	table, at := GLOBL("turns", RODATA|NOPTR), GP64()
	for front := range 8 {
		for lane := range 8 {
			DATA(64*front+8*lane, U64(uint64((front+lane)%8)))
		}
	}
	LEAQ(table, at)
	return func(by reg.GPVirtual) {
		lanes := ZMM()
		SHLQ(U8(6), by)
		VMOVDQU64(Mem{Base: at, Index: by, Scale: 1}, lanes)
		VPERMPD(s.m1[0], lanes, s.m1[0])
		VPERMPD(s.work[0], lanes, s.work[0])
	}
}

func applyOuterRows256() {
	TEXT("applyOuterRows256", NOSPLIT, outerSignature)
	Pragma("noescape")
	Doc("applyOuterRows256 " + outerDoc)
	o := &outer{width: 8, minus: YMM(), x: YMM(), m0: GP64(), rest: GP64()}
	Load(Param("n"), o.rest)
	ANDQ(U32(7), o.rest)
	low, rest := XMM(), YMM()
	VMOVD(o.rest.As32(), low)
	VPBROADCASTD(low, rest)
	VPCMPGTD(lanesFrom(0), rest, rest)
	VBROADCASTSS(argument("minus"), o.minus)
	changed, stored := YMM(), YMM()
	VPXOR(changed, changed, changed)
	VPXOR(stored, stored, stored)
	s := newSums256()
	o.turn = turn256(s)
	count := func(a, b, sum reg.VecVirtual) {
		differ := YMM()
		VCMPPS(U8(notEqual), a, b, differ)
		VPSUBD(differ, sum, sum) // true is -1
	}
	updates := func(dz Mem, whole bool) reg.VecVirtual {
		d := YMM()
		if whole {
			VMULPS(dz, o.x, d)
			VMULPS(o.minus, d, d)
		} else {
			VMASKMOVPS(dz, rest, d)
			VMULPS(o.x, d, d)
			VMULPS(o.minus, d, d)
			VANDPS(rest, d, d) // 0·∞ beside the row is no number
		}
		return d
	}
	apply := func(w Mem, d reg.VecVirtual, whole bool) {
		before, after := YMM(), YMM()
		if whole {
			VMOVUPS(w, before)
			VADDPS(d, before, after)
			VMOVUPS(after, w)
		} else {
			VMASKMOVPS(w, rest, before)
			VADDPS(d, before, after)
			VMASKMOVPS(after, rest, w)
		}
		count(before, after, stored)
	}
	o.free = func(w, dz Mem, whole bool) {
		d, magnitude := updates(dz, whole), YMM()
		apply(w, d, whole)
		ones256(magnitude)
		VPSRLD(U8(1), magnitude, magnitude)
		VPAND(magnitude, d, d)
		for h, half := range halves256(d) {
			s.addMagnitudes(h, half)
		}
	}
	o.clipped = func(w, dz Mem, whole bool) {
		free, d, bound, lower, zero := updates(dz, whole), YMM(), YMM(), YMM(), YMM()
		VBROADCASTSS(argument("bound"), bound)
		VMINPS(free, bound, d)
		VXORPS(zero, zero, zero)
		VSUBPS(bound, zero, lower)
		VMAXPS(d, lower, d)
		apply(w, d, whole)
		count(zero, d, changed)
		s.add(d, halves256(free))
	}
	o.learn()
	s.store()
	o.finish(changed, stored)
}

// turn256 turns sums by way of memory, where they lie twice, one behind the other.
func turn256(s sums) func(by reg.GPVirtual) {
	twice, turns := AllocLocal(128), 0
	return func(by reg.GPVirtual) {
		turns++
		end := fmt.Sprintf("turned%d", turns)
		TESTQ(by, by)
		JZ(LabelRef(end))
		at := GP64()
		LEAQ(twice, at)
		for _, sum := range [][2]reg.VecVirtual{s.m1, s.work} {
			for i := range 4 {
				VMOVUPD(sum[i%2], Mem{Base: at, Disp: 32 * i})
			}
			for h := range 2 {
				VMOVUPD(Mem{Base: at, Index: by, Scale: 8, Disp: 32 * h}, sum[h])
			}
		}
		Label(end)
	}
}

// finish returns the counts, of which there are more in eight lanes.
func (o *outer) finish(changed, stored reg.VecVirtual) {
	ADDQ(addLanes(changed), o.m0)
	finish(o.m0, addLanes(stored))
}

// addLanes returns the sum of eight int32.
func addLanes(v reg.VecVirtual) reg.GPVirtual {
	half, other, sum := XMM(), XMM(), GP64()
	VEXTRACTI128(U8(1), v, half)
	VPADDD(half, v.AsX(), half)
	for _, order := range []uint8{0x4e, 0xb1} { // the other two, the other one
		VPSHUFD(U8(order), half, other)
		VPADDD(other, half, half)
	}
	VMOVD(half, sum.As32())
	return sum
}

// argument is where a parameter of the kernel lies.
func argument(name string) Mem {
	basic, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return basic.Addr
}

func extremes256() {
	TEXT("extremes256", NOSPLIT, "func(x *float32, n int) (least, most uint32)")
	Pragma("noescape")
	Doc("extremes256 returns the bits of the largest magnitude of n numbers, a multiple of 8, and one less than those of the smallest that is not zero.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	least, most, magnitude, ones := YMM(), YMM(), YMM(), YMM()
	VPXOR(most, most, most)
	ones256(ones)
	ones256(least)
	VPSRLD(U8(1), ones, magnitude)
	loop("loop", 8, n, []reg.Register{x}, nil, func() {
		v := YMM()
		VPAND(Mem{Base: x}, magnitude, v)
		VPMAXUD(v, most, most)
		VPADDD(ones, v, v) // less one, so that zero is the largest
		VPMINUD(v, least, least)
	})
	fold := func(v reg.VecVirtual, choose func(ops ...Op)) reg.GPVirtual {
		half, other, bits := XMM(), XMM(), GP32()
		VEXTRACTI128(U8(1), v, half)
		choose(v.AsX(), half, half)
		for _, order := range []uint8{0x4e, 0xb1} { // the other two, the other one
			VPSHUFD(U8(order), half, other)
			choose(other, half, half)
		}
		VMOVD(half, bits)
		return bits
	}
	smallest := fold(least, func(ops ...Op) { VPMINUD(ops[0], ops[1], ops[2]) })
	largest := fold(most, func(ops ...Op) { VPMAXUD(ops[0], ops[1], ops[2]) })
	VZEROUPPER()
	Store(smallest, ReturnIndex(0))
	Store(largest, ReturnIndex(1))
	RET()
}
