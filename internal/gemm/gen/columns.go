package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// columns copies the first numbers of each row of a matrix, as many as the mask
// lets through.
func columns(l level) {
	name := "columns" + l.name
	TEXT(name, NOSPLIT, "func(dst *float32, dstRow int, src *float32, srcRow int, rows int, mask *[8]uint32)")
	Pragma("noescape")
	Doc(name + " copies the first numbers of each row, as many as the mask lets through; the strides are in bytes.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	dstRow := Load(Param("dstRow"), GP64())
	srcRow, rows := Load(Param("srcRow"), GP64()), Load(Param("rows"), GP64())
	mask := Load(Param("mask"), GP64())
	x, lanes := reg.VecPhysical(l.registers[0]), reg.VecPhysical(l.registers[1])
	if l.bytes == 64 {
		KMOVW(Mem{Base: mask}, reg.K1)
	} else {
		VMOVUPS(Mem{Base: mask}, lanes)
	}
	Label("row")
	if l.bytes == 64 {
		VMOVUPS_Z(Mem{Base: src}, reg.K1, x)
		VMOVUPS(x, reg.K1, Mem{Base: dst})
	} else {
		VMASKMOVPS(Mem{Base: src}, lanes, x)
		VMASKMOVPS(x, lanes, Mem{Base: dst})
	}
	PREFETCHT0(Mem{Base: src, Index: srcRow, Scale: 8})
	ADDQ(srcRow, src)
	ADDQ(dstRow, dst)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
