package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels of the squared distances between the vectors of two panels. Eight
// vectors stand side by side in a panel, so that a component of all is one cache line.

const distancesSignature = "func(sums, a, b *float64, n int)"

func squaredDistances512() { squaredDistances("squaredDistances512", ZMM, 8, 1) }
func squaredDistances256() { squaredDistances("squaredDistances256", YMM, 4, 2) }

// squaredDistances emits a kernel that keeps the sums of some vectors of a with all of b in
// registers, and passes over the panels as often as it takes. A vector register holds as
// many numbers as there are lanes; so many of them hold a component of b.
func squaredDistances(name string, vector func() reg.VecVirtual, lanes, registers int) {
	TEXT(name, NOSPLIT, distancesSignature)
	Pragma("noescape")
	Doc(name + " adds the squared distances of the vectors of panel a from those of b, n numbers each, to sums.")
	sums := Load(Param("sums"), GP64())
	rows := 8 / registers // of the sums, in registers at a time
	for first := 0; first < 8; first += rows {
		a, b, n := Load(Param("a"), GP64()), Load(Param("b"), GP64()), Load(Param("n"), GP64())
		at := func(i, k int) Mem { return Mem{Base: sums, Disp: 8 * (8*(first+i) + k*lanes)} }
		sum := make([][]reg.VecVirtual, rows)
		for i := range sum {
			for k := range registers {
				v := vector()
				VMOVUPD(at(i, k), v)
				sum[i] = append(sum[i], v)
			}
		}
		loop("loop"+string(rune('0'+first)), 8, n, nil, []reg.Register{a, b}, func() {
			var other []reg.VecVirtual
			for k := range registers {
				v := vector()
				VMOVUPD(Mem{Base: b, Disp: 8 * k * lanes}, v)
				other = append(other, v)
			}
			for i := range sum {
				x := vector()
				VBROADCASTSD(Mem{Base: a, Disp: 8 * (first + i)}, x)
				for k := range registers {
					d := vector()
					VSUBPD(x, other[k], d)
					VFMADD231PD(d, d, sum[i][k])
				}
			}
		})
		for i := range sum {
			for k, v := range sum[i] {
				VMOVUPD(v, at(i, k))
			}
		}
	}
	VZEROUPPER()
	RET()
}
