package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Predicates of VCMPPS.
const (
	equal     = 0x00
	unordered = 0x03
	notEqual  = 0x04
	greater   = 0x1e
)

// largest is the kernel that looks for the largest unit of each square.
type largest struct{ level }

func (n largest) write() {
	name := "largest" + n.name
	TEXT(name, NOSPLIT, "func(out *float32, units *float32, squares int, rows int, side int, pitch int, line int, mask uint32)")
	Pragma("noescape")
	Doc(name+" writes a vector of channels of the largest units of squares, in so many rows of them, to out. NaN is larger than all.",
		"pitch and line are bytes: from unit to unit and from row to row of units. Squares are a pitch apart in out.")
	out, last := Load(Param("out"), GP64()), n.loadTail("mask")
	best, x := n.vector(), n.vector()
	n.squares(func(first reg.Register) {
		n.load(Mem{Base: first}, last, best)
	}, func(unit reg.Register) {
		n.load(Mem{Base: unit}, last, x)
		n.raise(x, best)
	}, func(pitch reg.Register) {
		n.store(best, last, Mem{Base: out})
		ADDQ(pitch, out)
	})
}

// raise replaces the lanes of best that x is greater than, or where x is NaN.
func (n largest) raise(x, best reg.VecVirtual) {
	if n.masks {
		more, nan := K(), K()
		VCMPPS(U8(greater), best, x, more)
		VCMPPS(U8(unordered), x, x, nan)
		KORW(more, nan, more)
		VMOVAPS(x, more, best)
		return
	}
	more, nan := n.vector(), n.vector()
	VCMPPS(U8(greater), best, x, more)
	VCMPPS(U8(unordered), x, x, nan)
	VORPS(more, nan, more)
	VBLENDVPS(more, x, best, best)
}

// give is the kernel that hands the error of a square to the first of its largest units.
type give struct{ level }

func (n give) write() {
	name := "give" + n.name
	TEXT(name, NOSPLIT, "func(errors *float32, d *float32, units *float32, largest *float32, squares int, rows int, side int, pitch int, line int, mask uint32)")
	Pragma("noescape")
	Doc(name+" writes a vector of channels of the errors of the units of squares, in so many rows of them: of those that equal the largest the first has",
		"the error d of the square, the others 0. pitch and line are bytes: from unit to unit and from row to row of units. Squares are a pitch apart in d and largest.")
	d, squares, last := Load(Param("d"), GP64()), Load(Param("largest"), GP64()), n.loadTail("mask")
	apart := Load(Param("errors"), GP64()) // from a unit to its error
	SUBQ(memory("units"), apart)
	e, best, x := n.vector(), n.vector(), n.vector()
	var left reg.VecVirtual
	var open reg.OpmaskVirtual
	n.squares(func(reg.Register) {
		n.load(Mem{Base: d}, last, e)
		n.load(Mem{Base: squares}, last, best)
		if n.masks {
			open = K()
			KXNORW(open, open, open)
		} else {
			left = n.vector()
			VPCMPEQD(left, left, left)
		}
	}, func(unit reg.Register) {
		n.load(Mem{Base: unit}, last, x)
		to := Mem{Base: unit, Index: apart, Scale: 1}
		if n.masks {
			is := K()
			VCMPPS(U8(equal), best, x, open, is)
			VMOVAPS_Z(e, is, x)
			KANDNW(open, is, open)
		} else {
			VCMPPS(U8(equal), best, x, x)
			VANDPS(left, x, x)
			VANDNPS(left, x, left)
			VANDPS(e, x, x)
		}
		n.store(x, last, to)
	}, func(pitch reg.Register) {
		ADDQ(pitch, d)
		ADDQ(pitch, squares)
	})
}

// squares emits loops over rows of squares, squares, and their units, and returns.
func (l level) squares(begin func(first reg.Register), visit func(unit reg.Register), end func(pitch reg.Register)) {
	row, pitch, line := Load(Param("units"), GP64()), Load(Param("pitch"), GP64()), Load(Param("line"), GP64())
	across, down := GP64(), GP64() // to the next square, and row of squares
	MOVQ(memory("side"), across)
	MOVQ(across, down)
	IMULQ(pitch, across)
	IMULQ(line, down)
	rows := Load(Param("rows"), GP64())
	Label("row")
	first, left := GP64(), Load(Param("squares"), GP64())
	MOVQ(row, first)
	Label("square")
	begin(first)
	at, lines := GP64(), Load(Param("side"), GP64())
	MOVQ(first, at)
	Label("line")
	unit, columns := GP64(), Load(Param("side"), GP64())
	MOVQ(at, unit)
	Label("unit")
	visit(unit)
	ADDQ(pitch, unit)
	DECQ(columns)
	JNZ(LabelRef("unit"))
	ADDQ(line, at)
	DECQ(lines)
	JNZ(LabelRef("line"))
	end(pitch)
	ADDQ(across, first)
	DECQ(left)
	JNZ(LabelRef("square"))
	ADDQ(down, row)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
