package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// level is an instruction set: its registers, and how those of their lanes that are
// cut off stay out of memory.
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

// at returns where vector i behind base lies.
func (l level) at(base reg.Register, i int) Mem { return Mem{Base: base, Disp: l.bytes * i} }

// mask returns the mask whose bits are a parameter: a mask register, or the signs of
// a vector.
func (l level) mask(name string) reg.Register {
	bits := Load(Param(name), GP32())
	if l.bytes == 64 {
		k := K()
		KMOVW(bits, k)
		return k
	}
	v, powers := YMM(), constant("powers", 8, func(i int) Constant { return U32(1 << i) })
	VMOVD(bits, v.AsX())
	VPBROADCASTD(v.AsX(), v)
	VPAND(powers, v, v)
	VPCMPEQD(powers, v, v)
	return v
}

// loadMasked reads the lanes of a mask and clears the others.
func (l level) loadMasked(from Mem, mask, to reg.Register) {
	if l.bytes == 64 {
		VMOVUPS_Z(from, mask, to)
	} else {
		VMASKMOVPS(from, mask, to)
	}
}

// storeMasked writes the lanes of a mask, once in a kernel. Some processors take long over
// VMASKMOVPS to memory, so a mask of all lanes is not used.
func (l level) storeMasked(from, mask reg.Register, to Mem) {
	if l.bytes == 64 {
		VMOVUPS(from, mask, to)
		return
	}
	bits := GP32()
	VMOVMSKPS(mask, bits)
	CMPL(bits, U32(0xff))
	JEQ(LabelRef("whole"))
	VMASKMOVPS(from, mask, to)
	JMP(LabelRef("stored"))
	Label("whole")
	VMOVUPS(from, to)
	Label("stored")
}

// load reads the vectors at base, of which the last is cut off by a mask.
func (l level) load(base, last reg.Register, into []reg.VecVirtual) {
	for i, v := range into[:len(into)-1] {
		VMOVUPS(l.at(base, i), v)
	}
	l.loadMasked(l.at(base, len(into)-1), last, into[len(into)-1])
}

// store writes the vectors to base, of which the last is cut off by a mask.
func (l level) store(from []reg.VecVirtual, last, base reg.Register) {
	for i, v := range from[:len(from)-1] {
		VMOVUPS(v, l.at(base, i))
	}
	l.storeMasked(from[len(from)-1], last, l.at(base, len(from)-1))
}

// prefetch asks for so many vectors at each place.
func (l level) prefetch(vectors int, places ...Mem) {
	for at := 0; at < l.bytes*vectors; at += 64 {
		for _, p := range places {
			p.Disp = at
			PREFETCHT0(p)
		}
	}
}

// clear sets vectors to zero.
func (l level) clear(v ...reg.VecVirtual) {
	for _, v := range v {
		if l.bytes == 64 {
			VPXORD(v, v, v)
		} else {
			VXORPS(v, v, v)
		}
	}
}
