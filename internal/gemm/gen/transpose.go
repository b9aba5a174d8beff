package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose writes 8 rows of blocks×8 numbers as blocks×8 rows of 8 numbers.
func transpose() {
	TEXT("transpose256", NOSPLIT, "func(dst *float32, dstRow int, src *float32, srcRow int, blocks int)")
	Pragma("noescape")
	Doc("transpose256 writes 8 rows of 8·blocks numbers as 8·blocks rows of 8; the strides are in bytes.")
	dst, dstRow := Load(Param("dst"), GP64()), Load(Param("dstRow"), GP64())
	src, srcRow := Load(Param("src"), GP64()), Load(Param("srcRow"), GP64())
	blocks := Load(Param("blocks"), GP64())
	src3, dst3, src4, dst4 := GP64(), GP64(), GP64(), GP64()
	LEAQ(Mem{Base: srcRow, Index: srcRow, Scale: 2}, src3)
	LEAQ(Mem{Base: dstRow, Index: dstRow, Scale: 2}, dst3)
	LEAQ(Mem{Base: src, Index: srcRow, Scale: 4}, src4)
	row := func(first, fifth, stride, stride3 reg.Register, r int) Mem {
		base := []reg.Register{first, fifth}[r/4]
		switch r % 4 {
		case 0:
			return Mem{Base: base}
		case 3:
			return Mem{Base: base, Index: stride3, Scale: 1}
		}
		return Mem{Base: base, Index: stride, Scale: uint8(r % 4)}
	}
	Label("block")
	LEAQ(Mem{Base: dst, Index: dstRow, Scale: 4}, dst4)
	// Rows r and r+4 share a register, half of each at a time: halves[h][r]
	// holds columns 4h … 4h+3 of rows r and r+4.
	for h := range 2 {
		var half, pair, out [4]reg.VecVirtual
		for r := range half {
			half[r], pair[r], out[r] = YMM(), YMM(), YMM()
			low, high := row(src, src4, srcRow, src3, r), row(src, src4, srcRow, src3, r+4)
			low.Disp, high.Disp = 16*h, 16*h
			VMOVUPS(low, half[r].AsX())
			VINSERTF128(U8(1), high, half[r], half[r])
		}
		VUNPCKLPS(half[1], half[0], pair[0]) // 00 10 01 11
		VUNPCKHPS(half[1], half[0], pair[1]) // 02 12 03 13
		VUNPCKLPS(half[3], half[2], pair[2])
		VUNPCKHPS(half[3], half[2], pair[3])
		VUNPCKLPD(pair[2], pair[0], out[0])
		VUNPCKHPD(pair[2], pair[0], out[1])
		VUNPCKLPD(pair[3], pair[1], out[2])
		VUNPCKHPD(pair[3], pair[1], out[3])
		for c := range out {
			VMOVUPS(out[c], row(dst, dst4, dstRow, dst3, 4*h+c))
		}
	}
	ADDQ(U32(32), src)
	ADDQ(U32(32), src4)
	LEAQ(Mem{Base: dst, Index: dstRow, Scale: 8}, dst)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}
