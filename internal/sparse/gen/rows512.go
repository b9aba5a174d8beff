package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows512 are the rows of a vector, times pitch: the first 16, those now, and 16 times pitch.
type rows512 struct{ first, now, step reg.VecVirtual }

func newRows512() rows512 {
	r := rows512{ZMM(), ZMM(), ZMM()}
	VPBROADCASTD(Load(Param("pitch"), GP32()), r.step)
	VPMULLD(constant("ascending", 16, func(i int) Constant { return U32(i) }), r.step, r.first)
	VPSLLD(U8(4), r.step, r.step)
	return r
}

func (r rows512) begin() { VMOVDQA32(r.first, r.now) }

func (r rows512) next() { VPADDD(r.step, r.now, r.now) }

// add compresses in registers: to memory, it is slow.
func (r rows512) add(v []reg.VecVirtual, to listed) {
	any, bits := K(), GP32()
	for i := range v {
		k := any
		if i > 0 {
			k = K()
		}
		VCMPPS(U8(notEqual), to.zero, v[i], k)
		if i > 0 {
			KORW(k, any, any)
		}
	}
	KMOVW(any, bits)
	for i := range v {
		x := ZMM()
		VCOMPRESSPS_Z(v[i], any, x)
		VMOVUPS(x, Mem{Base: to.values[i], Index: to.end, Scale: 4})
	}
	p := ZMM()
	VPCOMPRESSD_Z(r.now, any, p)
	VPMOVDW(p, p.AsY())
	VMOVDQU(p.AsY(), Mem{Base: to.places, Index: to.end, Scale: 2})
	to.advance(bits)
}
