package main

import (
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// stretches emits the kernel that copies a stretch of each row.
func stretches(l level) {
	name := "copy" + l.name
	TEXT(name, NOSPLIT, "func(to *float32, toPitch int, from *float32, fromPitch int, rows int, vectors int, mask uint32)")
	Pragma("noescape")
	Doc(name+" copies a stretch of each row, so many vectors wide, the last cut off by mask. toPitch and",
		"fromPitch are the bytes from row to row.")
	to, toPitch := Load(Param("to"), GP64()), Load(Param("toPitch"), GP64())
	from, fromPitch := Load(Param("from"), GP64()), Load(Param("fromPitch"), GP64())
	rows, whole, last := Load(Param("rows"), GP64()), Load(Param("vectors"), GP64()), l.mask("mask")
	DECQ(whole)
	SHLQ(U8(bits.Len(uint(l.bytes-1))), whole)
	x := l.vector()
	Label("row")
	at, toAhead, fromAhead := GP64(), GP64(), GP64()
	XORQ(at, at)
	LEAQ(Mem{Base: to, Index: toPitch, Scale: 8}, toAhead)
	LEAQ(Mem{Base: from, Index: fromPitch, Scale: 8}, fromAhead)
	Label("vector")
	PREFETCHT0(Mem{Base: toAhead, Index: at, Scale: 1})
	PREFETCHT0(Mem{Base: fromAhead, Index: at, Scale: 1})
	CMPQ(at, whole)
	JGE(LabelRef("last"))
	VMOVUPS(Mem{Base: from, Index: at, Scale: 1}, x)
	VMOVUPS(x, Mem{Base: to, Index: at, Scale: 1})
	ADDQ(U32(l.bytes), at)
	JMP(LabelRef("vector"))
	Label("last")
	l.loadMasked(Mem{Base: from, Index: at, Scale: 1}, last, x)
	l.storeMasked(x, last, Mem{Base: to, Index: at, Scale: 1})
	ADDQ(toPitch, to)
	ADDQ(fromPitch, from)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
