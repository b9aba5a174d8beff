package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// list emits the kernel that lists the rows where any column of a group is not zero.
func list(columns int) {
	name := fmt.Sprintf("list%dx512", columns)
	TEXT(name, NOSPLIT, "func(x *float32, rows int, tail uint32, groups int, pitch uint32, counts *uint16, places *uint16, values *float32, apart int) (entries int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s lists groups of %d columns, of 64 numbers each, at x. Of the rows where any of a group's numbers", name, columns),
		"is not zero it writes pitch times the row to places and the numbers to as many arrays of values, that lie so many",
		"bytes apart, one group behind the other, how many there are to counts, and up to 16 entries more at the end that mean nothing. rows is a",
		"multiple of 16 but for tail, the mask of a last vector. It returns how many entries there are of all groups.")
	x, rows := Load(Param("x"), GP64()), Load(Param("rows"), GP64())
	groups := Load(Param("groups"), GP64())
	l := listed{
		counts: Load(Param("counts"), GP64()), places: Load(Param("places"), GP64()),
		values: loadValues(columns), zero: ZMM(), end: GP64(),
	}
	VPXORD(l.zero, l.zero, l.zero)
	XORQ(l.end, l.end)
	start, step := rowNumbers()
	tail := GP32()
	Load(Param("tail"), tail)
	rest := K()
	KMOVW(tail, rest)

	Label("group")
	begin, at, left, place := GP64(), GP64(), GP64(), ZMM()
	MOVQ(l.end, begin)
	MOVQ(x, at)
	MOVQ(rows, left)
	VMOVDQA32(start, place)
	Label("vector")
	CMPQ(left, U32(16))
	JLT(LabelRef("last"))
	v := zmms(columns)
	for i := range v {
		VMOVUPS(Mem{Base: at, Disp: 4 * chunk * i}, v[i])
	}
	l.add(v, place)
	VPADDD(step, place, place)
	ADDQ(U32(64), at)
	SUBQ(U32(16), left)
	JMP(LabelRef("vector"))
	Label("last")
	TESTL(tail, tail)
	JZ(LabelRef("count"))
	for i := range v {
		VMOVUPS_Z(Mem{Base: at, Disp: 4 * chunk * i}, rest, v[i])
	}
	l.add(v, place)
	Label("count")
	n := GP64()
	MOVQ(l.end, n)
	SUBQ(begin, n)
	MOVW(n.As16(), Mem{Base: l.counts})
	ADDQ(U32(2), l.counts)
	ADDQ(U32(4*chunk*columns), x)
	DECQ(groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	Store(l.end, ReturnIndex(0))
	RET()
}

var ascending Mem // 0 to 15

// rowNumbers returns the first 16 rows times pitch, and 16 times pitch.
func rowNumbers() (start, step reg.VecVirtual) {
	start, step = ZMM(), ZMM()
	pitch := Load(Param("pitch"), GP32())
	VPBROADCASTD(pitch, step)
	if ascending.Symbol.Name == "" {
		ascending = GLOBL("ascending", RODATA|NOPTR)
		for i := range 16 {
			DATA(4*i, U32(i))
		}
	}
	VPMULLD(ascending, step, start)
	VPSLLD(U8(4), step, step)
	return start, step
}

// listed are the arrays that entries are written to, end of them so far.
type listed struct {
	counts, places reg.Register
	values         []reg.Register
	zero           reg.VecVirtual
	end            reg.GPVirtual
}

// add appends those of 16 rows where any number is not zero. Whole vectors are
// stored: to memory, compressing is slow.
func (l listed) add(v []reg.VecVirtual, place reg.VecVirtual) {
	any, bits := K(), GP32()
	for i := range v {
		k := any
		if i > 0 {
			k = K()
		}
		VCMPPS(U8(4), l.zero, v[i], k) // NEQ_UQ: NaN is not zero
		if i > 0 {
			KORW(k, any, any)
		}
	}
	KMOVW(any, bits)
	for i := range v {
		x := ZMM()
		VCOMPRESSPS_Z(v[i], any, x)
		VMOVUPS(x, Mem{Base: l.values[i], Index: l.end, Scale: 4})
	}
	p := ZMM()
	VPCOMPRESSD_Z(place, any, p)
	VPMOVDW(p, p.AsY())
	VMOVDQU(p.AsY(), Mem{Base: l.places, Index: l.end, Scale: 2})
	POPCNTL(bits, bits)
	ADDQ(bits.As64(), l.end)
}
