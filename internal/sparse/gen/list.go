package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// list emits the kernel that lists the rows where either column of a pair is not zero.
func list() {
	TEXT("list512", NOSPLIT, "func(x *float32, rows int, tail uint32, pairs int, pitch uint32, counts *uint16, places *uint16, first *float32, second *float32) (entries int)")
	Pragma("noescape")
	Doc("list512 lists pairs of neighbouring columns, 64 numbers each at x. Of the rows where either number",
		"is not zero it writes pitch times the row to places and the numbers to first and second, one pair behind the",
		"other, how many there are to counts, and up to 16 entries more at the end that mean nothing. rows is a",
		"multiple of 16 but for tail, the mask of a last vector. It returns how many entries there are of all pairs.")
	x, rows := Load(Param("x"), GP64()), Load(Param("rows"), GP64())
	pairs := Load(Param("pairs"), GP64())
	l := listed{
		counts: Load(Param("counts"), GP64()), places: Load(Param("places"), GP64()),
		first: Load(Param("first"), GP64()), second: Load(Param("second"), GP64()),
		zero: ZMM(), end: GP64(),
	}
	VPXORD(l.zero, l.zero, l.zero)
	XORQ(l.end, l.end)
	start, step := rowNumbers()
	tail := GP32()
	Load(Param("tail"), tail)
	rest := K()
	KMOVW(tail, rest)

	Label("pair")
	begin, at, left, place := GP64(), GP64(), GP64(), ZMM()
	MOVQ(l.end, begin)
	MOVQ(x, at)
	MOVQ(rows, left)
	VMOVDQA32(start, place)
	Label("vector")
	CMPQ(left, U32(16))
	JLT(LabelRef("last"))
	one, two := ZMM(), ZMM()
	VMOVUPS(Mem{Base: at}, one)
	VMOVUPS(Mem{Base: at, Disp: 256}, two)
	l.add(one, two, place)
	VPADDD(step, place, place)
	ADDQ(U32(64), at)
	SUBQ(U32(16), left)
	JMP(LabelRef("vector"))
	Label("last")
	TESTL(tail, tail)
	JZ(LabelRef("count"))
	VMOVUPS_Z(Mem{Base: at}, rest, one)
	VMOVUPS_Z(Mem{Base: at, Disp: 256}, rest, two)
	l.add(one, two, place)
	Label("count")
	n := GP64()
	MOVQ(l.end, n)
	SUBQ(begin, n)
	MOVW(n.As16(), Mem{Base: l.counts})
	ADDQ(U32(2), l.counts)
	ADDQ(U32(512), x)
	DECQ(pairs)
	JNZ(LabelRef("pair"))
	VZEROUPPER()
	Store(l.end, ReturnIndex(0))
	RET()
}

// rowNumbers returns the first 16 rows times pitch, and 16 times pitch.
func rowNumbers() (start, step reg.VecVirtual) {
	start, step = ZMM(), ZMM()
	pitch := Load(Param("pitch"), GP32())
	VPBROADCASTD(pitch, step)
	ascending := GLOBL("ascending", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(i))
	}
	VPMULLD(ascending, step, start)
	VPSLLD(U8(4), step, step)
	return start, step
}

// listed are the arrays that entries are written to, end of them so far.
type listed struct {
	counts, places, first, second reg.Register
	zero                          reg.VecVirtual
	end                           reg.GPVirtual
}

// add appends those of 16 rows where either number is not zero. Whole vectors are
// stored: to memory, compressing is slow.
func (l listed) add(one, two, place reg.VecVirtual) {
	k, k2, bits := K(), K(), GP32()
	VCMPPS(U8(4), l.zero, one, k) // NEQ_UQ: NaN is not zero
	VCMPPS(U8(4), l.zero, two, k2)
	KORW(k, k2, k)
	KMOVW(k, bits)
	a, b, p := ZMM(), ZMM(), ZMM()
	VCOMPRESSPS_Z(one, k, a)
	VCOMPRESSPS_Z(two, k, b)
	VPCOMPRESSD_Z(place, k, p)
	VPMOVDW(p, p.AsY())
	VMOVUPS(a, Mem{Base: l.first, Index: l.end, Scale: 4})
	VMOVUPS(b, Mem{Base: l.second, Index: l.end, Scale: 4})
	VMOVDQU(p.AsY(), Mem{Base: l.places, Index: l.end, Scale: 2})
	POPCNTL(bits, bits)
	ADDQ(bits.As64(), l.end)
}
