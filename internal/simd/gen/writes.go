package main

import (
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that count changes, synapse by synapse, in bytes. They wait for memory at any
// level, so that there is one of each.

// bytesLoop emits body for as long as n has 32 left. Pointers advance by 32 elements, of
// one byte each or, in wide, of four.
func bytesLoop(n reg.Register, bytes, wide []reg.Register, body func()) {
	Label("loop")
	CMPQ(n, U32(32))
	JLT(LabelRef("done"))
	body()
	for _, p := range bytes {
		ADDQ(U32(32), p)
	}
	for _, p := range wide {
		ADDQ(U32(128), p)
	}
	SUBQ(U32(32), n)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

func addBytes256() {
	TEXT("addBytes256", NOSPLIT, "func(dst, src *uint8, n int)")
	Pragma("noescape")
	Doc("addBytes256 adds src[i] to dst[i], for n bytes, a multiple of 32.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	bytesLoop(n, []reg.Register{dst, src}, nil, func() {
		v := YMM()
		VMOVDQU(Mem{Base: dst}, v)
		VPADDB(Mem{Base: src}, v, v)
		VMOVDQU(v, Mem{Base: dst})
	})
}

func countProducts256() {
	TEXT("countProducts256", NOSPLIT, "func(counts *uint8, x *float32, factor float32, n int)")
	Pragma("noescape")
	Doc("countProducts256 adds 1 to counts[i] where factor·x[i] is not zero, for n numbers, a multiple of 32.")
	counts, x, n := Load(Param("counts"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	factor, zero, order := YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("factor", 16), factor)
	VXORPS(zero, zero, zero)
	VMOVDQU(packedOrder(), order)
	bytesLoop(n, []reg.Register{counts}, []reg.Register{x}, func() {
		var v [4]reg.VecVirtual
		for i := range v {
			v[i] = YMM()
			VMULPS(Mem{Base: x, Disp: 32 * i}, factor, v[i])
			VCMPPS(U8(notEqual), zero, v[i], v[i]) // -1 or 0
		}
		VPACKSSDW(v[1], v[0], v[0])
		VPACKSSDW(v[3], v[2], v[2])
		VPACKSSWB(v[2], v[0], v[0])
		VPERMD(v[0], order, v[0])
		sum := YMM()
		VMOVDQU(Mem{Base: counts}, sum)
		VPSUBB(v[0], sum, sum)
		VMOVDQU(sum, Mem{Base: counts})
	})
}

func countCommon256() {
	TEXT("countCommon256", NOSPLIT, "func(counts *uint32, columns *uint64, row uint64, n int)")
	Pragma("noescape")
	Doc("countCommon256 adds the number of bits that columns[j] and row have in common to counts[j], for n columns, a multiple of 8.")
	counts, columns, n := Load(Param("counts"), GP64()), Load(Param("columns"), GP64()), Load(Param("n"), GP64())
	row, low, zero, table := YMM(), YMM(), YMM(), YMM()
	VPBROADCASTQ(NewParamAddr("row", 16), row)
	VPBROADCASTB(nibbleMask(), low)
	VPXOR(zero, zero, zero)
	VBROADCASTI128(bitsOfNibbles(), table)
	Label("loop")
	CMPQ(n, U32(8))
	JLT(LabelRef("done"))
	var v [2]reg.VecVirtual
	for i := range v {
		high := YMM()
		v[i] = YMM()
		VPAND(Mem{Base: columns, Disp: 32 * i}, row, v[i])
		VPSRLW(U8(4), v[i], high)
		VPAND(low, v[i], v[i])
		VPAND(low, high, high)
		VPSHUFB(v[i], table, v[i])
		VPSHUFB(high, table, high)
		VPADDB(high, v[i], v[i])
		VPSADBW(zero, v[i], v[i]) // the sum of each eight bytes
	}
	VSHUFPS(U8(0x88), v[1], v[0], v[0]) // the lower halves of v[0], then v[1], in each half
	VPERMQ(U8(0xd8), v[0], v[0])
	VPADDD(Mem{Base: counts}, v[0], v[0])
	VMOVDQU(v[0], Mem{Base: counts})
	ADDQ(U32(32), counts)
	ADDQ(U32(64), columns)
	SUBQ(U32(8), n)
	JMP(LabelRef("loop"))
	Label("done")
	VZEROUPPER()
	RET()
}

func countCommon512() {
	TEXT("countCommon512", NOSPLIT, "func(counts *uint32, columns *uint64, row uint64, n int)")
	Pragma("noescape")
	Doc("countCommon512 is countCommon256 where a vector's bits can be counted.")
	counts, columns, n := Load(Param("counts"), GP64()), Load(Param("columns"), GP64()), Load(Param("n"), GP64())
	row := ZMM()
	VPBROADCASTQ(NewParamAddr("row", 16), row)
	loop("loop", 8, n, []reg.Register{counts}, []reg.Register{columns}, func() {
		v := ZMM()
		VPANDQ(Mem{Base: columns}, row, v)
		VPOPCNTQ(v, v)
		VPMOVQD(v, v.AsY())
		VPADDD(Mem{Base: counts}, v.AsY(), v.AsY())
		VMOVDQU(v.AsY(), Mem{Base: counts})
	})
	VZEROUPPER()
	RET()
}

func markNonzero256() {
	TEXT("markNonzero256", NOSPLIT, "func(words *uint64, x *float32, bit uint64, n int) (count int)")
	Pragma("noescape")
	Doc("markNonzero256 sets bit in words[i] where x[i] is not zero, for n numbers, a multiple of 8, and counts these.")
	words, x, n, count := Load(Param("words"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64()), GP64()
	bit, zero := YMM(), YMM()
	VPBROADCASTQ(NewParamAddr("bit", 16), bit)
	VXORPS(zero, zero, zero)
	XORQ(count, count)
	loop("loop", 8, n, []reg.Register{x}, []reg.Register{words}, func() {
		different, half := YMM(), XMM()
		VCMPPS(U8(notEqual), Mem{Base: x}, zero, different)
		addSigns(different, count)
		VEXTRACTI128(U8(1), different, half)
		for i, part := range []reg.VecVirtual{different.AsX().(reg.VecVirtual), half} {
			wide := YMM()
			VPMOVSXDQ(part, wide)
			VPAND(bit, wide, wide)
			VPOR(Mem{Base: words, Disp: 32 * i}, wide, wide)
			VMOVDQU(wide, Mem{Base: words, Disp: 32 * i})
		}
	})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

// bitsOfNibbles are the numbers of bits of 0 to 15.
func bitsOfNibbles() Mem {
	table := GLOBL("bitsOfNibbles", RODATA|NOPTR)
	for i := range 16 {
		DATA(i, U8(bits.OnesCount(uint(i))))
	}
	return table
}

func nibbleMask() Mem {
	mask := GLOBL("nibbleMask", RODATA|NOPTR)
	DATA(0, U8(0x0f))
	return mask
}

// packedOrder is the order of groups of four bytes in which packing leaves them, as it
// works on each half of a register by itself.
func packedOrder() Mem {
	order := GLOBL("packedOrder", RODATA|NOPTR)
	for i, group := range []uint32{0, 4, 1, 5, 2, 6, 3, 7} {
		DATA(4*i, U32(group))
	}
	return order
}

func drain256() {
	TEXT("drain256", NOSPLIT, "func(dst *uint32, src *uint8, n int)")
	Pragma("noescape")
	Doc("drain256 adds src[i] to dst[i] and makes it 0, for n bytes, a multiple of 32.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	zero := YMM()
	VPXOR(zero, zero, zero)
	bytesLoop(n, []reg.Register{src}, []reg.Register{dst}, func() {
		for i := range 4 {
			v := YMM()
			VPMOVZXBD(Mem{Base: src, Disp: 8 * i}, v)
			VPADDD(Mem{Base: dst, Disp: 32 * i}, v, v)
			VMOVDQU(v, Mem{Base: dst, Disp: 32 * i})
		}
		VMOVDQU(zero, Mem{Base: src})
	})
}
