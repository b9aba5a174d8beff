package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// cubics writes values of cubics that differ from lane to lane. A cubic's four numbers, the
// constant term first, lie side by side: each lane loads all of its own, and the vectors are transposed. Gathering number by number takes
// three times as long on Zen 4.
//
// Addresses go from lanes to general registers through the stack. What a core has in flight is
// not enough to hide that way together with the cubic's: all addresses of a few elements are
// stored before their cubics are loaded.
type cubics struct {
	new   func() reg.VecVirtual
	lanes int
	// places are, of placed elements, their positions u in their cubics, and behind these the
	// places of the cubics; an address is base + 8·place.
	places Mem
	// transposed loads the cubics that are so many bytes behind the addresses.
	transposed func(base reg.Register, places Mem, behind []int) [][4]reg.VecVirtual
}

// placed is how many elements are placed at a time. Half as many take a tenth longer, more of
// them no less. Their 1024 bytes are more than a function may have that does not check the stack.
const placed = 64

// newCubics512 begins a function, of which it takes part of the stack.
func newCubics512() cubics { return cubics{ZMM, 8, AllocLocal(16 * placed), transposed512} }

func newCubics256() cubics { return cubics{YMM, 4, AllocLocal(16 * placed), transposed256} }

// loop emits a loop over n elements, a vector at a time: place computes positions and
// places, value what is made of them. A place that does not exist jumps to "placesdone". n is
// left as how many elements have no value.
func (c cubics) loop(n reg.Register, from, to []reg.Register, place func() (u, places reg.VecVirtual), value func(u reg.VecVirtual, places Mem)) {
	left, count, at := GP64(), GP64(), GP64()
	Label("next")
	MOVQ(U32(placed), left)
	CMPQ(n, left)
	CMOVQLT(n, left)
	MOVQ(left, count)
	LEAQ(c.places, at)
	loop("places", c.lanes, left, from, []reg.Register{at}, func() {
		u, places := place()
		VMOVUPD(u, Mem{Base: at})
		VMOVUPD(places, Mem{Base: at, Disp: 8 * placed})
	})
	SUBQ(left, count)
	SUBQ(count, n)
	LEAQ(c.places, at)
	loop("values", c.lanes, count, to, []reg.Register{at}, func() {
		u := c.new()
		VMOVUPD(Mem{Base: at}, u)
		value(u, Mem{Base: at, Disp: 8 * placed})
	})
	CMPQ(left, U32(c.lanes))
	JGE(LabelRef("done"))
	CMPQ(n, U32(c.lanes))
	JGE(LabelRef("next"))
	Label("done")
}

// at emits the values, at u, of the cubics that are so many bytes behind their addresses.
func (c cubics) at(base reg.Register, places Mem, u reg.VecVirtual, behind ...int) (values []reg.VecVirtual) {
	for _, n := range c.transposed(base, places, behind) {
		value := n[3]
		for k := 2; k >= 0; k-- {
			VMULPD(u, value, value) // no fused multiply-add: portable Go must give the same bits
			VADDPD(n[k], value, value)
		}
		values = append(values, value)
	}
	return values
}

func transposed512(base reg.Register, places Mem, behind []int) (all [][4]reg.VecVirtual) {
	rows := make([][4]reg.VecVirtual, len(behind))
	for i, lane := range []int{0, 1, 4, 5} { // and 2, 3, 6, 7: so that lanes end in their order
		first, second := GP64(), GP64()
		MOVQ(places.Offset(8*lane), first)
		MOVQ(places.Offset(8*(lane+2)), second)
		for b, disp := range behind {
			rows[b][i] = ZMM()
			VMOVUPD(Mem{Base: base, Index: first, Scale: 8, Disp: disp}, rows[b][i].(reg.Vec).AsY())
			VINSERTF64X4(U8(1), Mem{Base: base, Index: second, Scale: 8, Disp: disp}, rows[b][i], rows[b][i])
		}
	}
	for _, r := range rows {
		var n [4]reg.VecVirtual
		even, odd := pairs(ZMM, r)
		for k, half := range [][2]reg.VecVirtual{even, odd} {
			n[k], n[k+2] = ZMM(), ZMM()
			VSHUFF64X2(U8(0x88), half[1], half[0], n[k])
			VSHUFF64X2(U8(0xdd), half[1], half[0], n[k+2])
		}
		all = append(all, n)
	}
	return all
}

func transposed256(base reg.Register, places Mem, behind []int) (all [][4]reg.VecVirtual) {
	rows := make([][4]reg.VecVirtual, len(behind))
	for lane := range 4 {
		place := GP64()
		MOVQ(places.Offset(8*lane), place)
		for b, disp := range behind {
			rows[b][lane] = YMM()
			VMOVUPD(Mem{Base: base, Index: place, Scale: 8, Disp: disp}, rows[b][lane])
		}
	}
	for _, r := range rows {
		var n [4]reg.VecVirtual
		even, odd := pairs(YMM, r)
		for k, half := range [][2]reg.VecVirtual{even, odd} {
			n[k], n[k+2] = YMM(), YMM()
			VPERM2F128(U8(0x20), half[1], half[0], n[k])
			VPERM2F128(U8(0x31), half[1], half[0], n[k+2])
		}
		all = append(all, n)
	}
	return all
}

// pairs emits the first half of a transposition: numbers 0 and 2 of rows side by side, and 1 and 3.
func pairs(new func() reg.VecVirtual, rows [4]reg.VecVirtual) (even, odd [2]reg.VecVirtual) {
	for i := range 2 {
		even[i], odd[i] = new(), new()
		VUNPCKLPD(rows[2*i+1], rows[2*i], even[i])
		VUNPCKHPD(rows[2*i+1], rows[2*i], odd[i])
	}
	return even, odd
}
