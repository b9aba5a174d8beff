package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The sums of |Δw| and Δw·force that the apply kernels add to, in float64. The product of
// two float32 is exact there, so that a fused multiply-add has the bits of the two apart.

// halves are the lower and the upper half of a vector of float32.
type halves [2]Op

// memory is a vector in memory, whose halves have so many bytes.
func memory(base reg.Register, bytes int) halves {
	return halves{Mem{Base: base}, Mem{Base: base, Disp: bytes}}
}

func halves512(v reg.VecVirtual) halves {
	high := YMM()
	VEXTRACTF64X4(U8(1), v, high)
	return halves{v.AsY(), high}
}

func halves256(v reg.VecVirtual) halves {
	high := XMM()
	VEXTRACTF128(U8(1), v, high)
	return halves{v.AsX(), high}
}

// sums are registers of the sums. Half h of a vector is added to m1[h] and work[h], which
// may be the same for both halves.
type sums struct {
	vector    func() reg.VecVirtual
	halves    func(reg.VecVirtual) halves
	m1, work  [2]reg.VecVirtual
	magnitude reg.VecVirtual // all bits but the sign, of float64
	store     func()
}

// magnitude64 returns the bits of a float64 without its sign, in all lanes.
func magnitude64(vector func() reg.VecVirtual, ones func(v reg.VecVirtual)) reg.VecVirtual {
	m := vector()
	ones(m)
	VPSRLQ(U8(1), m, m)
	return m
}

func ones512(v reg.VecVirtual) { VPTERNLOGD(U8(0xff), v, v, v) }

func ones256(v reg.VecVirtual) { VPCMPEQD(v, v, v) }

// newSums512 loads the sums of the parameters m1 and work, of 8 lanes each.
func newSums512() sums {
	m1, work := ZMM(), ZMM()
	VMOVUPD(Mem{Base: Load(Param("m1"), GP64())}, m1)
	VMOVUPD(Mem{Base: Load(Param("work"), GP64())}, work)
	return sums{ZMM, halves512, [2]reg.VecVirtual{m1, m1}, [2]reg.VecVirtual{work, work}, magnitude64(ZMM, ones512), func() {
		VMOVUPD(m1, Mem{Base: Load(Param("m1"), GP64())})
		VMOVUPD(work, Mem{Base: Load(Param("work"), GP64())})
	}}
}

// newSums256 is newSums512 in half vectors.
func newSums256() sums {
	s := sums{vector: YMM, halves: halves256, magnitude: magnitude64(YMM, ones256)}
	m1, work := Load(Param("m1"), GP64()), Load(Param("work"), GP64())
	for h := range 2 {
		s.m1[h], s.work[h] = YMM(), YMM()
		VMOVUPD(Mem{Base: m1, Disp: 32 * h}, s.m1[h])
		VMOVUPD(Mem{Base: work, Disp: 32 * h}, s.work[h])
	}
	s.store = func() {
		m1, work := Load(Param("m1"), GP64()), Load(Param("work"), GP64())
		for h := range 2 {
			VMOVUPD(s.m1[h], Mem{Base: m1, Disp: 32 * h})
			VMOVUPD(s.work[h], Mem{Base: work, Disp: 32 * h})
		}
	}
	return s
}

// whetherFree emits a body twice, to be chosen by the parameter bound at its offset: where
// that is infinite nothing is clipped, and updates are their own force, which saves work.
// The body's labels begin with prefix.
func whetherFree(bound int, body func(prefix string, free bool)) {
	CMPL(NewParamAddr("bound", bound), U32(0x7f800000)) // +Inf
	JNE(LabelRef("bounded"))
	body("free", true)
	JMP(LabelRef("summed"))
	Label("bounded")
	body("clipped", false)
	Label("summed")
}

// addFree adds the magnitudes of d, and its products with itself before the clip.
func (s sums) addFree(d, before reg.VecVirtual, free bool) {
	if free {
		s.add(d, halves{})
		return
	}
	s.add(d, s.halves(before))
}

// add adds the magnitudes of d, and its products with the force, or with itself if there
// is none.
func (s sums) add(d reg.VecVirtual, force halves) {
	for h, half := range s.halves(d) {
		wide := s.vector()
		VCVTPS2PD(half, wide)
		if force[h] == nil {
			VFMADD231PD(wide, wide, s.work[h])
		} else {
			other := s.vector()
			VCVTPS2PD(force[h], other)
			VFMADD231PD(wide, other, s.work[h])
		}
		VANDPD(s.magnitude, wide, wide)
		VADDPD(wide, s.m1[h], s.m1[h])
	}
}

// addMagnitudes adds half h of the magnitudes of updates, and their squares to the products: those of
// updates that are their own force.
func (s sums) addMagnitudes(h int, magnitudes Op) {
	wide := s.vector()
	VCVTPS2PD(magnitudes, wide)
	VFMADD231PD(wide, wide, s.work[h])
	VADDPD(wide, s.m1[h], s.m1[h])
}
