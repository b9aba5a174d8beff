// Command gen writes the assembly of package sparse. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not depend
// on the generator.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	compress()
	for vectors := 1; vectors <= 8; vectors++ {
		multiply(vectors)
	}
	Generate()
}

// compress emits the kernel that lists the entries of a row that are not zero.
func compress() {
	TEXT("compress512", NOSPLIT, "func(x *float32, n int, tail uint32, places *uint32, values *float32) (count int)")
	Pragma("noescape")
	Doc("compress512 writes those of n entries of x that are not zero to values, and 512 times",
		"their numbers to places, and up to 16 entries more that mean nothing. n is a multiple of 16",
		"but for tail, the mask of a last vector.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	tail := Load(Param("tail"), GP32())
	places, values := Load(Param("places"), GP64()), Load(Param("values"), GP64())
	count := GP64()
	XORQ(count, count)
	zero, number, stride := ZMM(), ZMM(), ZMM()
	VPXORD(zero, zero, zero)
	ascending := GLOBL("ascending", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(512*i))
	}
	VMOVDQU32(ascending, number)
	step := GP32()
	MOVL(U32(512*16), step)
	VPBROADCASTD(step, stride)

	part := func(v reg.VecVirtual, k reg.OpmaskVirtual) {
		bits := GP32()
		KMOVW(k, bits)
		// Whole vectors are stored: to memory, compressing is slow.
		number2, v2 := ZMM(), ZMM()
		VPCOMPRESSD_Z(number, k, number2)
		VCOMPRESSPS_Z(v, k, v2)
		VMOVDQU32(number2, Mem{Base: places, Index: count, Scale: 4})
		VMOVUPS(v2, Mem{Base: values, Index: count, Scale: 4})
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), count)
	}
	Label("loop")
	CMPQ(n, U32(16))
	JLT(LabelRef("last"))
	v, k := ZMM(), K()
	VMOVUPS(Mem{Base: x}, v)
	VCMPPS(U8(4), zero, v, k) // NEQ_UQ: NaN is not zero
	part(v, k)
	VPADDD(stride, number, number)
	ADDQ(U32(64), x)
	SUBQ(U32(16), n)
	JMP(LabelRef("loop"))
	Label("last")
	TESTL(tail, tail)
	JZ(LabelRef("done"))
	rest, v2, k2 := K(), ZMM(), K()
	KMOVW(tail, rest)
	VMOVUPS_Z(Mem{Base: x}, rest, v2)
	VCMPPS(U8(4), zero, v2, k2)
	part(v2, k2)
	Label("done")
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

// multiply emits the kernel for a stretch of C so many vectors wide.
func multiply(vectors int) {
	name := fmt.Sprintf("multiply%dx512", vectors)
	TEXT(name, NOSPLIT, "func(c *float32, stride int, panel *float32, counts *uint32, places *uint32, values *float32, rows int, mask uint32, accumulate bool)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes rows of C, %d vectors wide, the last cut off by mask: for each row the sum of", name, vectors),
		"counts[row] rows of the panel, which begin at places bytes, times values, added to what C",
		"holds if accumulate is set. stride is that of C in bytes; places and values have room for 80",
		"entries a row.")
	c, stride := Load(Param("c"), GP64()), Load(Param("stride"), GP64())
	panel, counts := Load(Param("panel"), GP64()), Load(Param("counts"), GP64())
	places, values := Load(Param("places"), GP64()), Load(Param("values"), GP64())
	rows := Load(Param("rows"), GP64())
	mask, accumulate := Load(Param("mask"), GP32()), Load(Param("accumulate"), GP8())
	last := K()
	KMOVW(mask, last)
	sums := make([]reg.VecVirtual, vectors)
	for i := range sums {
		sums[i] = ZMM()
	}
	Label("row")
	TESTQ(rows, rows)
	JZ(LabelRef("done"))
	n := GP64()
	MOVL(Mem{Base: counts}, n.As32())
	ADDQ(U32(4), counts)
	TESTB(accumulate, accumulate)
	JZ(LabelRef("fresh"))
	for i, s := range sums {
		if at := (Mem{Base: c, Disp: 64 * i}); i == vectors-1 {
			VMOVUPS_Z(at, last, s)
		} else {
			VMOVUPS(at, s)
		}
	}
	JMP(LabelRef("sum"))
	Label("fresh")
	for _, s := range sums {
		VPXORD(s, s, s)
	}
	Label("sum")
	at := GP64()
	XORQ(at, at)
	TESTQ(n, n)
	JZ(LabelRef("store"))
	Label("entry")
	place, value := GP64(), ZMM()
	MOVL(Mem{Base: places, Index: at, Scale: 4}, place.As32())
	VBROADCASTSS(Mem{Base: values, Index: at, Scale: 4}, value)
	for i, s := range sums {
		VFMADD231PS(Mem{Base: panel, Index: place, Scale: 1, Disp: 64 * i}, value, s)
	}
	INCQ(at)
	CMPQ(at, n)
	JLT(LabelRef("entry"))
	Label("store")
	for i, s := range sums {
		if at := (Mem{Base: c, Disp: 64 * i}); i == vectors-1 {
			VMOVUPS(s, last, at)
		} else {
			VMOVUPS(s, at)
		}
	}
	ADDQ(stride, c)
	ADDQ(U32(4*80), places)
	ADDQ(U32(4*80), values)
	DECQ(rows)
	JMP(LabelRef("row"))
	Label("done")
	VZEROUPPER()
	RET()
}
