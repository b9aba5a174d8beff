package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that combine directions, and find the largest number.

// turn emits the replacement of directions by combinations of them and a new one, column by column.
func turn(level string, columns int, vector, narrow func() reg.VecVirtual, round func(wide, to Op)) {
	name := "turn" + level
	TEXT(name, NOSPLIT, "func(directions *float32, stride int, rows, added *float64, rank, n int, next *float32) (changed int)")
	Pragma("noescape")
	Doc(name+" replaces n columns, a multiple of the vector, of so many directions by combinations of them and of added, in float64,",
		"counts the numbers that change, and needs a vector of next for each direction. The stride is in bytes.")
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	directions, stride, added, n, rank, next, changed := get("directions"), get("stride"), get("added"), get("n"), get("rank"), get("next"), GP64()
	XORQ(changed, changed)
	Label("column")
	TESTQ(n, n)
	JZ(LabelRef("end"))
	row, k, to := get("rows"), GP64(), GP64()
	MOVQ(rank, k)
	MOVQ(next, to)
	Label("combination")
	sum, factor, j, from := vector(), vector(), GP64(), GP64()
	VBROADCASTSD(Mem{Base: row, Index: rank, Scale: 8}, sum)
	VMULPD(Mem{Base: added}, sum, sum)
	MOVQ(rank, j)
	MOVQ(directions, from)
	Label("direction")
	product := vector()
	VCVTPS2PD(Mem{Base: from}, product)
	VBROADCASTSD(Mem{Base: row}, factor)
	VMULPD(factor, product, product) // no fused multiply-add: portable Go must give the same bits
	VADDPD(product, sum, sum)
	ADDQ(U8(8), row)
	ADDQ(stride, from)
	DECQ(j)
	JNZ(LabelRef("direction"))
	ADDQ(U8(8), row)
	result := narrow()
	round(sum, result)
	VMOVUPS(result, Mem{Base: to})
	ADDQ(U8(4*columns), to)
	DECQ(k)
	JNZ(LabelRef("combination"))

	MOVQ(rank, k)
	MOVQ(next, to)
	MOVQ(directions, from)
	Label("store")
	flags, different, before := GP32(), narrow(), narrow()
	VMOVUPS(Mem{Base: to}, result)
	VMOVUPS(Mem{Base: from}, before)
	VCMPPS(U8(notEqual), before, result, different)
	VMOVMSKPS(different, flags)
	add(flags, changed)
	VBLENDVPS(different, result, before, result) // a zero of the other sign is no change
	VMOVUPS(result, Mem{Base: from})
	ADDQ(U8(4*columns), to)
	ADDQ(stride, from)
	DECQ(k)
	JNZ(LabelRef("store"))
	ADDQ(U8(4*columns), directions)
	ADDQ(U8(8*columns), added)
	SUBQ(U8(columns), n)
	JMP(LabelRef("column"))
	Label("end")
	VZEROUPPER()
	Store(changed, ReturnIndex(0))
	RET()
}

// largest256 emits the search for the largest magnitude.
func largest256() {
	TEXT("largest256", NOSPLIT, "func(x *float32, n int) (bits uint32)")
	Pragma("noescape")
	Doc("largest256 returns the largest bits, without the sign, of n numbers, a multiple of 16, as they ascend with magnitude.")
	x, n := Load(Param("x"), GP64()), Load(Param("n"), GP64())
	magnitude, most := YMM(), [2]reg.VecVirtual{YMM(), YMM()}
	ones256(magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	for _, m := range most {
		VPXOR(m, m, m)
	}
	loop("loop", 16, n, []reg.Register{x}, nil, func() {
		for half, m := range most {
			v := YMM()
			VPAND(Mem{Base: x, Disp: 32 * half}, magnitude, v)
			VPMAXSD(v, m, m)
		}
	})
	VPMAXSD(most[1], most[0], most[0])
	half, lanes, bits := XMM(), most[0].AsX(), GP32()
	VEXTRACTI128(U8(1), most[0], half)
	VPMAXSD(half, lanes, lanes)
	VPSHUFD(U8(0x4e), lanes, half)
	VPMAXSD(half, lanes, lanes)
	VPSHUFD(U8(0xb1), lanes, half)
	VPMAXSD(half, lanes, lanes)
	VMOVD(lanes, bits)
	VZEROUPPER()
	Store(bits, ReturnIndex(0))
	RET()
}
