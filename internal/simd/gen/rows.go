package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that add up the rows of a matrix.

const sumRowsSignature = "func(dst, a *float32, rows, stride, n int)"

// strip is a number of columns, one vector beside the other, whose sums are held
// in registers.
type strip struct {
	a            reg.Register // first row
	rows, stride reg.Register // stride in bytes
	width        int          // of a vector, bytes
}

// sum adds up the rows of the strip of these registers: load fills a register from
// memory, add adds memory to it.
func (s strip) sum(name string, sums []reg.VecVirtual, load, add func(m Mem, v reg.VecVirtual)) {
	row, left := GP64(), GP64()
	MOVQ(s.a, row)
	MOVQ(s.rows, left)
	for i, v := range sums {
		load(Mem{Base: row, Disp: s.width * i}, v)
	}
	Label(name)
	DECQ(left)
	JZ(LabelRef(name + "summed"))
	ADDQ(s.stride, row)
	for i, v := range sums {
		add(Mem{Base: row, Disp: s.width * i}, v)
	}
	JMP(LabelRef(name))
	Label(name + "summed")
}

// columns emits the strips of so many vectors each for as long as n, in columns,
// has one left.
func (s strip) columns(vectors int, vector func() reg.VecVirtual, n, dst reg.Register) {
	name := fmt.Sprintf("strip%d", vectors)
	loop(name, vectors*s.width/4, n, []reg.Register{s.a, dst}, nil, func() {
		sums := make([]reg.VecVirtual, vectors)
		for i := range sums {
			sums[i] = vector()
		}
		s.sum(name+"row", sums,
			func(m Mem, v reg.VecVirtual) { VMOVUPS(m, v) },
			func(m Mem, v reg.VecVirtual) { VADDPS(m, v, v) })
		for i, v := range sums {
			VMOVUPS(v, Mem{Base: dst, Disp: s.width * i})
		}
	})
}

// sumRows emits the loading of the parameters.
func sumRows(width int) (s strip, n, dst reg.Register) {
	dst, s.a, s.width = Load(Param("dst"), GP64()), Load(Param("a"), GP64()), width
	s.rows, s.stride = Load(Param("rows"), GP64()), Load(Param("stride"), GP64())
	n = Load(Param("n"), GP64())
	SHLQ(U8(2), s.stride)
	return s, n, dst
}

func sumRows512() {
	TEXT("sumRows512", NOSPLIT, sumRowsSignature)
	Pragma("noescape")
	Doc("sumRows512 writes to dst the sums, first row first, of n columns of a, whose rows, at least one, are stride apart.")
	s, n, dst := sumRows(64)
	s.columns(8, ZMM, n, dst)
	s.columns(1, ZMM, n, dst)
	tail(n, func(rest reg.OpmaskVirtual) {
		sum := ZMM()
		s.sum("rest", []reg.VecVirtual{sum},
			func(m Mem, v reg.VecVirtual) { VMOVUPS_Z(m, rest, v) },
			func(m Mem, v reg.VecVirtual) { VADDPS(m, v, rest, v) })
		VMOVUPS(sum, rest, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

func sumRows256() {
	TEXT("sumRows256", NOSPLIT, sumRowsSignature)
	Pragma("noescape")
	Doc("sumRows256 writes to dst the sums, first row first, of n columns, a multiple of 8, of a, whose rows, at least one, are stride apart.")
	s, n, dst := sumRows(32)
	s.columns(8, YMM, n, dst)
	s.columns(1, YMM, n, dst)
	VZEROUPPER()
	RET()
}
