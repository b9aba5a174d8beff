package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// level is an instruction set: the width of its registers and how their last
// lanes are masked.
type level struct {
	name      string
	bytes     int // of a vector
	registers []reg.VecPhysical
	full      []int // rows of the highest kernel of 0, 1, 2, … whole vectors; beyond two, B is read where it lies
	rows      int   // of the highest kernel
	dots      int   // rows of the highest kernel of inner products
}

var avx512 = level{
	name: "512", bytes: 64, full: []int{0, 0, 14, 0, 6, 0, 0, 0, 3}, rows: 14, dots: 4,
	registers: []reg.VecPhysical{
		reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7,
		reg.Z8, reg.Z9, reg.Z10, reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15,
		reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22, reg.Z23,
		reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31,
	},
}

var avx2 = level{
	name: "256", bytes: 32, full: []int{0, 0, 6, 0, 3, 0, 0, 0, 1}, rows: 6, dots: 3,
	registers: []reg.VecPhysical{
		reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15,
	},
}

// loadMasked reads the lanes of K1, or of the mask in memory, and clears the others.
func (l level) loadMasked(from Mem, scratch, to reg.Register) {
	if l.bytes == 64 {
		VMOVUPS_Z(from, reg.K1, to)
		return
	}
	VMOVUPS(theMask, scratch)
	VMASKMOVPS(from, scratch, to)
}

func (l level) storeMasked(from, scratch reg.Register, to Mem) {
	if l.bytes == 64 {
		VMOVUPS(from, reg.K1, to)
		return
	}
	VMOVUPS(theMask, scratch)
	VMASKMOVPS(from, scratch, to)
}

func (l level) clear(register reg.Register) {
	if l.bytes == 64 {
		VPXORD(register, register, register)
		return
	}
	VXORPS(register, register, register)
}
