package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// pack emits the kernel that copies a stretch of each row to a panel.
func pack() {
	TEXT("pack512", NOSPLIT, "func(panel *float32, pitch int, b *float32, stride int, rows int, vectors int, mask uint32)")
	Pragma("noescape")
	Doc("pack512 copies stretches of rows of B, so many vectors wide, the last cut off by mask, to a panel, zeros",
		"behind them. pitch and stride are the bytes from row to row of the panel and of B.")
	panel, pitch := Load(Param("panel"), GP64()), Load(Param("pitch"), GP64())
	b, stride := Load(Param("b"), GP64()), Load(Param("stride"), GP64())
	rows, vectors, last := Load(Param("rows"), GP64()), Load(Param("vectors"), GP64()), mask("mask")
	whole := GP64()
	LEAQ(Mem{Base: vectors, Disp: -1}, whole)
	SHLQ(U8(6), whole)
	x := ZMM()
	Label("row")
	at := GP64()
	XORQ(at, at)
	Label("vector")
	CMPQ(at, whole)
	JGE(LabelRef("last"))
	VMOVUPS(Mem{Base: b, Index: at, Scale: 1}, x)
	VMOVUPS(x, Mem{Base: panel, Index: at, Scale: 1})
	ADDQ(U32(64), at)
	JMP(LabelRef("vector"))
	Label("last")
	VMOVUPS_Z(Mem{Base: b, Index: at, Scale: 1}, last, x)
	VMOVUPS(x, Mem{Base: panel, Index: at, Scale: 1})
	ADDQ(stride, b)
	ADDQ(pitch, panel)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
