package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that compare random words with numbers.

const (
	withinSignature = "func(bits *uint8, words *uint32, x *float32, scale float64, n int)"
	withinDoc       = "sets bit i of bits where words[i] ≥ |x[i]|·scale in float64 is not true, and clears it elsewhere, for n words, a multiple of"
	notAtLeast      = 9 // NGE_US: true for NaN
)

func within512() {
	TEXT("within512", NOSPLIT, withinSignature)
	Pragma("noescape")
	Doc("within512 " + withinDoc + " 16.")
	bits, words, x, n := withinParameters()
	magnitude, scale := magnitude64(ZMM, ones512), ZMM()
	VBROADCASTSD(NewParamAddr("scale", 24), scale)
	loop("loop", 16, n, []reg.Register{words, x}, nil, func() {
		for half := range 2 {
			limit, word, flags, found := ZMM(), ZMM(), GP32(), K()
			VCVTPS2PD(Mem{Base: x, Disp: 32 * half}, limit)
			VPANDQ(magnitude, limit, limit)
			VMULPD(scale, limit, limit)
			VCVTUDQ2PD(Mem{Base: words, Disp: 32 * half}, word)
			VCMPPD(U8(notAtLeast), limit, word, found)
			KMOVB(found, flags)
			MOVB(flags.As8(), Mem{Base: bits, Disp: half})
		}
		ADDQ(U8(2), bits)
	})
	VZEROUPPER()
	RET()
}

func within256(t constants) {
	TEXT("within256", NOSPLIT, withinSignature)
	Pragma("noescape")
	Doc("within256 " + withinDoc + " 8.")
	bits, words, x, n := withinParameters()
	magnitude, scale, offset, flip := magnitude64(YMM, ones256), YMM(), YMM(), XMM()
	VBROADCASTSD(NewParamAddr("scale", 24), scale)
	VBROADCASTSD(double("halfOfWords", 1<<31), offset)
	VMOVDQU(t.sign, flip)
	loop("loop", 8, n, []reg.Register{words, x}, nil, func() {
		flags := [2]reg.GPVirtual{GP32(), GP32()}
		for half := range 2 {
			limit, word := YMM(), YMM()
			VCVTPS2PD(Mem{Base: x, Disp: 16 * half}, limit)
			VANDPD(magnitude, limit, limit)
			VMULPD(scale, limit, limit)
			VPXOR(Mem{Base: words, Disp: 16 * half}, flip, word.AsX()) // words less 2³¹ have signs
			VCVTDQ2PD(word.AsX(), word)
			VADDPD(offset, word, word)
			VCMPPD(U8(notAtLeast), limit, word, word)
			VMOVMSKPD(word, flags[half])
		}
		SHLL(U8(4), flags[1])
		ORL(flags[1], flags[0])
		MOVB(flags[0].As8(), Mem{Base: bits})
		INCQ(bits)
	})
	VZEROUPPER()
	RET()
}

func withinParameters() (bits, words, x, n reg.GPVirtual) {
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	return get("bits"), get("words"), get("x"), get("n")
}
