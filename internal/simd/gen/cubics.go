package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cubics writes values of cubics that differ from lane to lane. A cubic's four numbers, the
// constant term first, lie side by side: each lane loads all of its own, and the vectors are transposed. Gathering number by number takes
// three times as long on Zen 4.
type cubics struct {
	new    func() reg.VecVirtual
	places Mem // of the cubics, to go from lanes to addresses
	// transposed loads the cubics at the addresses base + 8·places.
	transposed func(base reg.Register, places []reg.GPVirtual, disp int) [4]reg.VecVirtual
}

// newCubics512 begins a function, of which it takes part of the stack.
func newCubics512() cubics { return cubics{ZMM, AllocLocal(64), transposed512} }

func newCubics256() cubics { return cubics{YMM, AllocLocal(32), transposed256} }

// lanes emits the loading of a vector's lanes into general registers.
func (c cubics) lanes(places reg.VecVirtual) (lanes []reg.GPVirtual) {
	VMOVUPD(places, c.places)
	for i := range int(places.Size()) / 8 {
		lane := GP64()
		MOVQ(c.places.Offset(8*i), lane)
		lanes = append(lanes, lane)
	}
	return lanes
}

// at emits the values, at u, of the cubics that are so many bytes behind base + 8·places.
func (c cubics) at(base reg.Register, places []reg.GPVirtual, disp int, u reg.VecVirtual) reg.VecVirtual {
	n := c.transposed(base, places, disp)
	value := n[3]
	for k := 2; k >= 0; k-- {
		VMULPD(u, value, value) // no fused multiply-add: portable Go must give the same bits
		VADDPD(n[k], value, value)
	}
	return value
}

func transposed512(base reg.Register, places []reg.GPVirtual, disp int) (n [4]reg.VecVirtual) {
	cubic := func(lane int) Mem { return Mem{Base: base, Index: places[lane], Scale: 8, Disp: disp} }
	var rows [4]reg.VecVirtual
	for i, lane := range []int{0, 1, 4, 5} { // and 2, 3, 6, 7: so that lanes end in their order
		rows[i] = ZMM()
		VMOVUPD(cubic(lane), rows[i].(reg.Vec).AsY())
		VINSERTF64X4(U8(1), cubic(lane+2), rows[i], rows[i])
	}
	even, odd := [2]reg.VecVirtual{}, [2]reg.VecVirtual{}
	for i := range 2 {
		even[i], odd[i] = ZMM(), ZMM()
		VUNPCKLPD(rows[2*i+1], rows[2*i], even[i])
		VUNPCKHPD(rows[2*i+1], rows[2*i], odd[i])
	}
	for k, half := range [][2]reg.VecVirtual{even, odd} {
		n[k], n[k+2] = ZMM(), ZMM()
		VSHUFF64X2(U8(0x88), half[1], half[0], n[k])
		VSHUFF64X2(U8(0xdd), half[1], half[0], n[k+2])
	}
	return n
}

func transposed256(base reg.Register, places []reg.GPVirtual, disp int) (n [4]reg.VecVirtual) {
	var rows [4]reg.VecVirtual
	for i := range rows {
		rows[i] = YMM()
		VMOVUPD(Mem{Base: base, Index: places[i], Scale: 8, Disp: disp}, rows[i])
	}
	even, odd := [2]reg.VecVirtual{}, [2]reg.VecVirtual{}
	for i := range 2 {
		even[i], odd[i] = YMM(), YMM()
		VUNPCKLPD(rows[2*i+1], rows[2*i], even[i])
		VUNPCKHPD(rows[2*i+1], rows[2*i], odd[i])
	}
	for k, half := range [][2]reg.VecVirtual{even, odd} {
		n[k], n[k+2] = YMM(), YMM()
		VPERM2F128(U8(0x20), half[1], half[0], n[k])
		VPERM2F128(U8(0x31), half[1], half[0], n[k+2])
	}
	return n
}
