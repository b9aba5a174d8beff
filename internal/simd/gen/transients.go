package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that look at |w - l| of all synapses onto a unit, column by column of [rows,n].

// transientsKernel emits the loop over rows of n columns, a multiple of the vector. Its body is given the magnitudes of
// a vector, and where what is known of their columns stands, of so many bytes each.
func transientsKernel(name, to, doc string, bytes, lanes int, vector func() reg.VecVirtual, ones func(reg.VecVirtual), body func(magnitudes reg.VecVirtual, to Mem)) {
	TEXT(name, NOSPLIT, "func(to *"+to+", w, l *float32, stride, rows, n int)")
	Pragma("noescape")
	Doc(name + " " + doc + ", for rows of n synapses, a multiple of the vector. The stride is in bytes.")
	sums, w, l := Load(Param("to"), GP64()), Load(Param("w"), GP64()), Load(Param("l"), GP64())
	stride, rows, n := Load(Param("stride"), GP64()), Load(Param("rows"), GP64()), Load(Param("n"), GP64())
	magnitude, column := vector(), GP64()
	ones(magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	Label("row")
	XORQ(column, column)
	Label("column")
	s := vector()
	VMOVUPS(Mem{Base: w, Index: column, Scale: 4}, s)
	VSUBPS(Mem{Base: l, Index: column, Scale: 4}, s, s)
	if lanes == 16 {
		VPANDD(magnitude, s, s)
	} else {
		VPAND(magnitude, s, s)
	}
	body(s, Mem{Base: sums, Index: column, Scale: uint8(bytes)})
	ADDQ(U8(lanes), column)
	CMPQ(column, n)
	JLT(LabelRef("column"))
	ADDQ(stride, w)
	ADDQ(stride, l)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

func transientKernels(level string, lanes int, vector func() reg.VecVirtual, ones func(reg.VecVirtual), halvesOf func(reg.VecVirtual) halves) {
	transientsKernel("addTransients"+level, "float64", "adds |w-l| to its column", 8, lanes, vector, ones, func(magnitudes reg.VecVirtual, to Mem) {
		for h, half := range halvesOf(magnitudes) {
			wide, sum := vector(), to.Offset(4*lanes*h)
			VCVTPS2PD(half, wide)
			VADDPD(sum, wide, wide)
			VMOVUPD(wide, sum)
		}
	})
	transientsKernel("maxTransients"+level, "float32", "raises its column to |w-l|", 4, lanes, vector, ones, func(magnitudes reg.VecVirtual, to Mem) {
		VMAXPS(to, magnitudes, magnitudes) // the second source is returned if one is NaN
		VMOVUPS(magnitudes, to)
	})
}
