package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that clip, apply and count updates.

// updates are where the apply kernels have their updates from: for each vector,
// delta·scale of delta, (x·dz)·minus of dz, or ((x·dz)·minus)·scale, rounded in between. The
// force is a vector of its own, or the update before scale and clip.
type updates struct {
	signature, doc string
	factors        []parameter // that a vector is multiplied by, in order
	scale          int         // offset of the parameter scale of the clip; 0: it has none
	bound          int         // offset of the parameter bound
	force          bool        // force is a parameter
	tail           bool        // of AVX-512: n need not be a multiple of the vector
}

// parameter is a parameter of a kernel, at its offset.
type parameter struct {
	name   string
	offset int
}

var (
	fromUpdates = updates{
		"func(w, delta, force *float32, scale, bound float32, n int, m1, work *[8]float64) (m0, stored int)",
		"clips, applies and counts n updates, a multiple of", []parameter{{"scale", 24}}, 0, 28, true, false,
	}
	fromFactors = updates{
		"func(w, delta *float32, x, minus, bound float32, n int, m1, work *[8]float64) (m0, stored int)",
		"computes the updates minus·(x·delta), clips, applies and counts n of them, without AVX-512 a multiple of",
		[]parameter{{"x", 16}, {"minus", 20}}, 0, 24, false, true,
	}
	fromScaledFactors = updates{
		"func(w, delta *float32, x, minus, scale, bound float32, n int, m1, work *[8]float64) (m0, stored int)",
		"computes the updates minus·(x·delta), scales, clips, applies and counts n of them, without AVX-512 a multiple of",
		[]parameter{{"x", 16}, {"minus", 20}}, 24, 28, false, true,
	}
)

// update emits d = delta times the factors, one after the other.
func update(delta Op, factors []reg.VecVirtual, d reg.VecVirtual) {
	VMULPS(delta, factors[0], d)
	for _, f := range factors[1:] {
		VMULPS(f, d, d)
	}
}

// broadcast returns the factors, each in all lanes of a vector.
func (u updates) broadcast(vector func() reg.VecVirtual) (factors []reg.VecVirtual) {
	for _, p := range u.factors {
		f := vector()
		VBROADCASTSS(NewParamAddr(p.name, p.offset), f)
		factors = append(factors, f)
	}
	return factors
}

// scaling returns how the clip scales: it emits what makes d of the update before it.
func (u updates) scaling(vector func() reg.VecVirtual) (scaled func(free reg.VecVirtual) reg.VecVirtual) {
	if u.scale == 0 {
		return func(free reg.VecVirtual) reg.VecVirtual { return free }
	}
	scale := vector()
	VBROADCASTSS(NewParamAddr("scale", u.scale), scale)
	return func(free reg.VecVirtual) reg.VecVirtual {
		d := vector()
		VMULPS(scale, free, d)
		return d
	}
}

// clipping returns how updates are clamped to ±bound: it emits what makes d of one before it.
func (u updates) clipping(vector func() reg.VecVirtual) (clipped func(free reg.VecVirtual, unclipped bool) reg.VecVirtual) {
	bound, lower := vector(), vector()
	VBROADCASTSS(NewParamAddr("bound", u.bound), bound)
	VXORPS(lower.AsX(), lower.AsX(), lower.AsX())
	VSUBPS(bound, lower, lower) // 0 - bound
	return func(free reg.VecVirtual, unclipped bool) reg.VecVirtual {
		return limited(vector, free, bound, lower, unclipped)
	}
}

// limited emits d, free between lower and bound, or free itself where nothing is clipped.
func limited(vector func() reg.VecVirtual, free, bound, lower reg.VecVirtual, unclipped bool) reg.VecVirtual {
	if unclipped {
		return free
	}
	d := vector()
	VMINPS(free, bound, d) // the second source, here free, is returned if it is NaN
	VMAXPS(d, lower, d)
	return d
}

// own reports whether an update that is not clipped is its own force.
func (u updates) own(unclipped bool) bool { return unclipped && u.scale == 0 }

// pointers returns those that a loop advances: to weights and updates, and to the force
// where there is one.
func (u updates) pointers(w, delta reg.Register) (all []reg.Register) {
	all = []reg.Register{w, delta}
	if u.force {
		all = append(all, Load(Param("force"), GP64()))
	}
	return all
}

// parameters of the apply kernels.
func applyParameters() (w, delta, n reg.Register, m0, stored reg.GPVirtual) {
	w, delta = Load(Param("w"), GP64()), Load(Param("delta"), GP64())
	n = Load(Param("n"), GP64())
	m0, stored = GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	return w, delta, n, m0, stored
}

func finish(m0, stored reg.Register) {
	VZEROUPPER()
	Store(m0.(reg.GPVirtual), ReturnIndex(0))
	Store(stored.(reg.GPVirtual), ReturnIndex(1))
	RET()
}

const notEqual = 4 // NEQ_UQ: true for NaN, as != is in Go

func apply512(name string, u updates) {
	TEXT(name, NOSPLIT, u.signature)
	Pragma("noescape")
	Doc(name + " " + u.doc + " 16.")
	w, delta, n, m0, stored := applyParameters()
	pointers := u.pointers(w, delta)
	factors := u.broadcast(ZMM)
	scaled := u.scaling(ZMM)
	clipped, zero := u.clipping(ZMM), ZMM()
	VPXORD(zero, zero, zero)
	s := newSums512()
	count := func(d, before, after reg.VecVirtual) {
		changed, bits := K(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		KMOVW(changed, bits)
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), m0)
		moved, bits2 := K(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		KMOVW(moved, bits2)
		POPCNTL(bits2, bits2)
		ADDQ(bits2.As64(), stored)
	}
	each := func(prefix string, unclipped bool) {
		loop(prefix, 16, n, pointers, nil, func() {
			free, before, after := ZMM(), ZMM(), ZMM()
			update(Mem{Base: delta}, factors, free)
			d := clipped(scaled(free), unclipped)
			VMOVUPS(Mem{Base: w}, before)
			VADDPS(d, before, after)
			VMOVUPS(after, Mem{Base: w})
			count(d, before, after)
			if u.force {
				s.add(d, memory(pointers[2], 32))
			} else {
				s.addFree(d, free, u.own(unclipped))
			}
		})
	}
	whetherFree(u.bound, each)
	if u.tail {
		TESTQ(n, n)
		JZ(LabelRef("end"))
		rest := tailMask(n)
		free, before, after := ZMM(), ZMM(), ZMM()
		VMULPS_Z(Mem{Base: delta}, factors[0], rest, free)
		VMULPS_Z(factors[1], free, rest, free) // beside the row 0, also where minus is infinite
		d := clipped(scaled(free), false)
		VMOVUPS_Z(Mem{Base: w}, rest, before)
		VADDPS(d, before, after)
		VMOVUPS(after, rest, Mem{Base: w})
		count(d, before, after)
		s.add(d, halves512(free))
		Label("end")
	}
	s.store()
	finish(m0, stored)
}

func apply256(name string, u updates) {
	TEXT(name, NOSPLIT, u.signature)
	Pragma("noescape")
	Doc(name + " " + u.doc + " 8.")
	w, delta, n, m0, stored := applyParameters()
	pointers := u.pointers(w, delta)
	factors := u.broadcast(YMM)
	scaled := u.scaling(YMM)
	clipped, zero := u.clipping(YMM), YMM()
	VXORPS(zero, zero, zero)
	s := newSums256()
	each := func(prefix string, unclipped bool) {
		loop(prefix, 8, n, pointers, nil, func() {
			free, before, after := YMM(), YMM(), YMM()
			update(Mem{Base: delta}, factors, free)
			d := clipped(scaled(free), unclipped)
			VMOVUPS(Mem{Base: w}, before)
			VADDPS(d, before, after)
			VMOVUPS(after, Mem{Base: w})

			changed, count := YMM(), GP32()
			VCMPPS(U8(notEqual), zero, d, changed)
			VMOVMSKPS(changed, count)
			POPCNTL(count, count)
			ADDQ(count.As64(), m0)
			moved, count2 := YMM(), GP32()
			VCMPPS(U8(notEqual), before, after, moved)
			VMOVMSKPS(moved, count2)
			POPCNTL(count2, count2)
			ADDQ(count2.As64(), stored)
			if u.force {
				s.add(d, memory(pointers[2], 16))
			} else {
				s.addFree(d, free, u.own(unclipped))
			}
		})
	}
	whetherFree(u.bound, each)
	s.store()
	finish(m0, stored)
}
