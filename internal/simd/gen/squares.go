package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that add up squares. The square of a float32 is exact in float64, so that a fused
// multiply-add has the bits of the two apart.

// squared is what is squared: numbers, or updates of factors.
type squared struct {
	signature, doc string
	// set loads parameters. of returns what is squared of the numbers at m, as many as half a
	// vector holds.
	set func(half func() reg.VecVirtual) (of func(m Mem) Op)
}

var (
	ofNumbers = squared{
		"func(x *float32, n int, sums *[16]float64)", "adds the squares of n numbers, a multiple of 16, to sixteen sums in turn.",
		func(func() reg.VecVirtual) func(m Mem) Op { return func(m Mem) Op { return m } },
	}
	ofOuter = squared{
		"func(x *float32, n int, sums *[16]float64, by, minus float32)",
		"adds the squares of minus·(by·x) of n numbers x, a multiple of 16, to sixteen sums in turn.",
		func(half func() reg.VecVirtual) func(m Mem) Op {
			by, minus := half(), half()
			VBROADCASTSS(NewParamAddr("by", 24), by)
			VBROADCASTSS(NewParamAddr("minus", 28), minus)
			return func(m Mem) Op {
				d := half()
				VMULPS(m, by, d)
				VMULPS(minus, d, d)
				return d
			}
		},
	}
)

// squares emits a kernel of vectors of so many float64. Each vector of sums waits for itself only.
func squares(name string, lanes int, vector func() reg.VecVirtual, q squared) {
	TEXT(name, NOSPLIT, q.signature)
	Pragma("noescape")
	Doc(name + " " + q.doc)
	x, n, sums := Load(Param("x"), GP64()), Load(Param("n"), GP64()), Load(Param("sums"), GP64())
	of := q.set(map[int]func() reg.VecVirtual{8: YMM, 4: XMM}[lanes])
	parts := make([]reg.VecVirtual, 16/lanes)
	for i := range parts {
		parts[i] = vector()
		VMOVUPD(Mem{Base: sums, Disp: 8 * lanes * i}, parts[i])
	}
	loop("loop", 16, n, []reg.Register{x}, nil, func() {
		for i, sum := range parts {
			v := vector()
			VCVTPS2PD(of(Mem{Base: x, Disp: 4 * lanes * i}), v)
			VFMADD231PD(v, v, sum)
		}
	})
	for i, sum := range parts {
		VMOVUPD(sum, Mem{Base: sums, Disp: 8 * lanes * i})
	}
	VZEROUPPER()
	RET()
}
