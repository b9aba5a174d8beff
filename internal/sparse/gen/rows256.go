package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows256 are the rows of a vector, of 8 words each: the first of them times pitch, 8 times pitch,
// and pitch. AVX2 cannot compress, so which lanes of a vector are set is looked up.
type rows256 struct {
	first, step, pitch reg.VecVirtual
	lanes              reg.Register // for each 8 bits, the numbers of those that are set
}

func newRows256() rows256 {
	r := rows256{XMM(), XMM(), XMM(), GP64()}
	VMOVD(Load(Param("pitch"), GP32()), r.pitch)
	VPBROADCASTW(r.pitch, r.pitch)
	VPSLLW(U8(3), r.pitch, r.step)
	LEAQ(constant("lanes", 256, func(i int) Constant { return U64(set(uint8(i))) }), r.lanes)
	return r
}

// set returns the numbers of the bits that are set, a byte each, the lowest first.
func set(bits uint8) (numbers uint64) {
	at := 0
	for i := range uint64(8) {
		if bits>>i&1 == 1 {
			numbers |= i << at
			at += 8
		}
	}
	return numbers
}

func (r rows256) begin() { VPXOR(r.first, r.first, r.first) }

func (r rows256) next() { VPADDW(r.step, r.first, r.first) }

func (r rows256) add(v []reg.VecVirtual, to listed) {
	any, bits := YMM(), GP32()
	VCMPPS(U8(notEqual), to.zero, v[0], any)
	for _, other := range v[1:] {
		x := YMM()
		VCMPPS(U8(notEqual), to.zero, other, x)
		VORPS(x, any, any)
	}
	VMOVMSKPS(any, bits)
	numbers := Mem{Base: r.lanes, Index: bits, Scale: 8}
	order, p := YMM(), XMM()
	VPMOVZXBD(numbers, order)
	for i := range v {
		x := YMM()
		VPERMPS(v[i], order, x)
		VMOVUPS(x, Mem{Base: to.values[i], Index: to.end, Scale: 4})
	}
	VPMOVZXBW(numbers, p)
	VPMULLW(r.pitch, p, p)
	VPADDW(r.first, p, p)
	VMOVDQU(p, Mem{Base: to.places, Index: to.end, Scale: 2})
	to.advance(bits)
}
