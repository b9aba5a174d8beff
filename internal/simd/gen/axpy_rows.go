package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernel of a vector by a matrix of which some rows count.

const axpyRowsSignature = "func(acc *float64, w *float32, stride int, x *float32, rows *int32, count, n int)"

// axpyRows256 serves processors with AVX-512 as well: widening float32 fills their wider registers no
// faster.
func axpyRows256() {
	TEXT("axpyRows256", NOSPLIT, axpyRowsSignature)
	Pragma("noescape")
	Doc("axpyRows256 adds x[row]·w[row·stride+j] to acc[j] in float64, for n columns and count rows, one after the other. The sums of a column are loaded and stored once for four rows.")
	acc, w, stride := Load(Param("acc"), GP64()), Load(Param("w"), GP64()), Load(Param("stride"), GP64())
	x, rows, count := Load(Param("x"), GP64()), Load(Param("rows"), GP64()), Load(Param("count"), GP64())
	SHLQ(U8(2), stride)
	rest, low, keep, keepWide := GP64(), XMM(), XMM(), YMM()
	Load(Param("n"), rest)
	ANDQ(U32(3), rest)
	VMOVD(rest.As32(), low)
	VPBROADCASTD(low, keep)
	VPCMPGTD(lanesFrom(0), keep, keep)
	VPMOVSXDQ(keep, keepWide)
	for _, together := range []int{4, 1} {
		name := fmt.Sprintf("rows%d", together)
		Label(name)
		CMPQ(count, U32(uint32(together)))
		JLT(LabelRef(name + "done"))
		factors, starts := make([]reg.VecVirtual, together), make([]reg.GPVirtual, together)
		for i := range together {
			start, factor := GP64(), YMM()
			MOVLQSX(Mem{Base: rows, Disp: 4 * i}, start)
			VBROADCASTSS(Mem{Base: x, Index: start, Scale: 4}, factor.AsX())
			VCVTPS2PD(factor.AsX(), factor)
			IMULQ(stride, start)
			ADDQ(w, start)
			starts[i], factors[i] = start, factor
		}
		at, left := GP64(), GP64()
		XORQ(at, at)
		Load(Param("n"), left)
		sums := Mem{Base: acc, Index: at, Scale: 8}
		add := func(sum reg.VecVirtual, widen func(from Mem, v reg.VecVirtual)) {
			for i, start := range starts {
				v := YMM()
				widen(Mem{Base: start, Index: at, Scale: 4}, v)
				VFMADD231PD(factors[i], v, sum) // the product of two float32 is exact: same bits as multiply and add
			}
		}
		Label(name + "columns")
		SUBQ(U32(4), left)
		JLT(LabelRef(name + "rest"))
		sum := YMM()
		VMOVUPD(sums, sum)
		add(sum, func(from Mem, v reg.VecVirtual) { VCVTPS2PD(from, v) })
		VMOVUPD(sum, sums)
		ADDQ(U32(4), at)
		JMP(LabelRef(name + "columns"))
		Label(name + "rest")
		TESTQ(rest, rest)
		JZ(LabelRef(name + "next"))
		VMASKMOVPD(sums, keepWide, sum)
		add(sum, func(from Mem, v reg.VecVirtual) {
			VMASKMOVPS(from, keep, v.AsX())
			VCVTPS2PD(v.AsX(), v)
		})
		VMASKMOVPD(sum, keepWide, sums)
		Label(name + "next")
		ADDQ(U32(uint32(4*together)), rows)
		SUBQ(U32(uint32(together)), count)
		JMP(LabelRef(name))
		Label(name + "done")
	}
	VZEROUPPER()
	RET()
}
