package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels of a matrix by a vector in float64.

const dotsSignature = "func(dst, w, x *float32, rows, n int)"

// dotsRows emits body for each row of w, [rows,n]. body gets x and n anew each time,
// counts n down and moves w and x on to the row's end.
func dotsRows(body func(w, x, n reg.Register) (dot reg.VecVirtual)) {
	dst, w := Load(Param("dst"), GP64()), Load(Param("w"), GP64())
	x, rows, n := Load(Param("x"), GP64()), Load(Param("rows"), GP64()), Load(Param("n"), GP64())
	Label("row")
	TESTQ(rows, rows)
	JZ(LabelRef("rowsdone"))
	again, left := GP64(), GP64()
	MOVQ(x, again)
	MOVQ(n, left)
	VMOVSS(body(w, again, left), Mem{Base: dst})
	ADDQ(U32(4), dst)
	DECQ(rows)
	JMP(LabelRef("row"))
	Label("rowsdone")
	VZEROUPPER()
	RET()
}

func dots512() {
	TEXT("dots512", NOSPLIT, dotsSignature)
	Pragma("noescape")
	Doc("dots512 writes to dst the products of the rows of w, [rows,n], and x, added in float64, product i in lane i mod 8.")
	dotsRows(func(w, x, n reg.Register) reg.VecVirtual {
		sum := ZMM()
		VPXORQ(sum, sum, sum)
		loop("loop", 8, n, []reg.Register{w, x}, nil, func() {
			a, b := ZMM(), ZMM()
			VCVTPS2PD(Mem{Base: w}, a)
			VCVTPS2PD(Mem{Base: x}, b)
			VFMADD231PD(a, b, sum) // the product of two float32 is exact: same bits as multiply and add
		})
		tail(n, func(rest reg.OpmaskVirtual) {
			a, b := ZMM(), ZMM()
			VCVTPS2PD_Z(Mem{Base: w}, rest, a)
			VCVTPS2PD_Z(Mem{Base: x}, rest, b)
			VFMADD231PD(a, b, sum)
			LEAQ(Mem{Base: w, Index: n, Scale: 4}, w)
		})
		high := YMM()
		VEXTRACTF64X4(U8(1), sum, high)
		VADDPD(high, sum.AsY(), high)
		return addUp(high)
	})
}

// dotsShort512 keeps x in registers, so that a row is little more than its sum.
func dotsShort512() {
	TEXT("dotsShort512", NOSPLIT, dotsSignature)
	Pragma("noescape")
	Doc("dotsShort512 is dots512 for rows of up to 16 numbers.")
	dst, w, x := Load(Param("dst"), GP64()), Load(Param("w"), GP64()), Load(Param("x"), GP64())
	rows, n := Load(Param("rows"), GP64()), Load(Param("n"), GP64())
	low, high, bits, zero := tailMask(n), K(), GP32(), ZMM()
	KMOVW(low, bits)
	SHRL(U8(8), bits)
	KMOVW(bits, high)
	VPXORQ(zero, zero, zero)
	factors := [2]reg.VecVirtual{ZMM(), ZMM()}
	VCVTPS2PD_Z(Mem{Base: x}, low, factors[0])
	VCVTPS2PD_Z(Mem{Base: x, Disp: 32}, high, factors[1])
	SHLQ(U8(2), n)
	Label("row")
	sum, v := ZMM(), ZMM()
	VMOVAPD(zero, sum)
	for h, mask := range []reg.OpmaskVirtual{low, high} {
		VCVTPS2PD_Z(Mem{Base: w, Disp: 32 * h}, mask, v)
		VFMADD231PD(factors[h], v, sum) // the product of two float32 is exact: same bits as multiply and add
	}
	ADDQ(n, w)
	half := YMM()
	VEXTRACTF64X4(U8(1), sum, half)
	VADDPD(half, sum.AsY(), half)
	VMOVSS(addUp(half), Mem{Base: dst})
	ADDQ(U32(4), dst)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

func dots256() {
	TEXT("dots256", NOSPLIT, dotsSignature)
	Pragma("noescape")
	Doc("dots256 writes to dst the products of the rows of w, [rows,n], and x, added in float64, product i in lane i mod 8.")
	// Eight lanes that are kept, then eight that are not: n behind the end of the
	// former is a mask of the last n.
	mask := GLOBL("keepFirst", RODATA|NOPTR)
	for i := range 16 {
		keep := uint32(0)
		if i < 8 {
			keep = 1<<32 - 1
		}
		DATA(4*i, U32(keep))
	}
	dotsRows(func(w, x, n reg.Register) reg.VecVirtual {
		low, high := YMM(), YMM()
		VXORPD(low, low, low)
		VXORPD(high, high, high)
		loop("loop", 8, n, []reg.Register{w, x}, nil, func() {
			for i, sum := range []reg.VecVirtual{low, high} {
				a, b := YMM(), YMM()
				VCVTPS2PD(Mem{Base: w, Disp: 16 * i}, a)
				VCVTPS2PD(Mem{Base: x, Disp: 16 * i}, b)
				VFMADD231PD(a, b, sum)
			}
		})
		TESTQ(n, n)
		JZ(LabelRef("end"))
		end, back, kept, a, b := GP64(), GP64(), YMM(), YMM(), YMM()
		LEAQ(mask.Offset(32), end)
		LEAQ(Mem{Base: n, Index: n, Scale: 1}, back)
		ADDQ(back, back)
		SUBQ(back, end)
		VMOVUPS(Mem{Base: end}, kept)
		VMASKMOVPS(Mem{Base: w}, kept, a)
		VMASKMOVPS(Mem{Base: x}, kept, b)
		for i, sum := range []reg.VecVirtual{low, high} {
			wideA, wideB, halfA, halfB := YMM(), YMM(), XMM(), XMM()
			VEXTRACTF128(U8(i), a, halfA)
			VEXTRACTF128(U8(i), b, halfB)
			VCVTPS2PD(halfA, wideA)
			VCVTPS2PD(halfB, wideB)
			VFMADD231PD(wideA, wideB, sum)
		}
		LEAQ(Mem{Base: w, Index: n, Scale: 4}, w)
		Label("end")
		VADDPD(high, low, low)
		return addUp(low)
	})
}

// addUp emits the sum, rounded to float32, of four lanes: (0+2) + (1+3).
func addUp(v reg.VecVirtual) reg.VecVirtual {
	half, other := XMM(), XMM()
	VEXTRACTF128(U8(1), v, half)
	VADDPD(half, v.AsX(), half)
	VPERMILPD(U8(1), half, other)
	VADDSD(other, half, half)
	VCVTSD2SS(half, half, half)
	return half
}
