package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// level is an instruction set.
type level struct {
	name   string
	bytes  int // of a vector
	vector func() reg.VecVirtual
}

var (
	avx512 = level{"512", 64, ZMM}
	avx2   = level{"256", 32, YMM}
)

// vectors returns so many registers.
func (l level) vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = l.vector()
	}
	return v
}

// row returns registers for the columns that are summed together.
func (l level) row() []reg.VecVirtual { return l.vectors(4 * width / l.bytes) }

// at returns where vector i behind base lies.
func (l level) at(base reg.Register, i int) Mem { return Mem{Base: base, Disp: l.bytes * i} }

// clear sets a vector to zero.
func (l level) clear(v reg.VecVirtual) {
	if l.bytes == 64 {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}
