package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dots is a block of C whose elements are inner products of rows of A with
// rows of B: rows × columns sums in registers, each of partial sums in lanes.
// It reads a strip as a kernel does: BRow is the way from one of B's rows to
// the next, BPanel that from one block to the next; whole vectors are K's, and
// the mask cuts off the last.
type dots struct {
	level
	rows, columns int
}

var (
	fourth = a7    // row 3 of B's block
	bRow3  = aRow5 // three rows of B
)

func (n dots) name() string { return fmt.Sprintf("dots%dx%dy%s", n.rows, n.columns, n.level.name) }

func (n dots) sum(row, column int) reg.VecPhysical { return n.registers[row*n.columns+column] }

func (n dots) spare(i int) reg.VecPhysical { return n.registers[n.rows*n.columns+i] }

func (n dots) write() {
	TEXT(n.name(), NOSPLIT, "func(s *[18]uintptr)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes inner products of %d rows of A with %d rows of B at a time.", n.name(), n.rows, n.columns))
	Load(Param("s"), arguments)
	kernel{level: n.level, rows: n.rows, masked: true}.loadArguments()
	LEAQ(Mem{Base: bRow, Index: bRow, Scale: 2}, bRow3)
	Label("panel")
	MOVQ(Mem{Base: arguments, Disp: fieldA}, a)
	MOVQ(bPanel, b)
	LEAQ(Mem{Base: b, Index: bRow3, Scale: 1}, fourth) // the fourth row of B
	for i := range n.rows * n.columns {
		n.clear(n.registers[i])
	}
	MOVQ(Mem{Base: arguments, Disp: fieldK}, k)
	SUBQ(U32(n.bytes/4), k)
	JL(LabelRef("last"))
	Label("vector")
	n.step(func(from Mem, to reg.Register) { VMOVUPS(from, to) })
	SUBQ(U32(n.bytes/4), k)
	JGE(LabelRef("vector"))
	Label("last")
	ADDQ(U32(n.bytes/4), k)
	JZ(LabelRef("finish"))
	n.step(func(from Mem, to reg.Register) { n.loadMasked(from, to, to) })
	Label("finish")
	n.finish()
	DECQ(panels)
	JNZ(LabelRef("panel"))
	VZEROUPPER()
	RET()
}

// step multiplies a vector of each row of A with one of each row of B.
func (n dots) step(load func(from Mem, to reg.Register)) {
	for r := range n.rows {
		load(elementOfA(r), n.spare(r))
	}
	for column := range n.columns {
		x := n.spare(n.rows)
		load(rowOfB(column), x)
		for r := range n.rows {
			VFMADD231PS(x, n.spare(r), n.sum(r, column))
		}
	}
	ADDQ(U32(n.bytes), a)
	ADDQ(U32(n.bytes), b)
	ADDQ(U32(n.bytes), fourth)
}

func rowOfB(column int) Mem {
	if column == 3 {
		return Mem{Base: fourth}
	}
	if column == 0 {
		return Mem{Base: b}
	}
	return Mem{Base: b, Index: bRow, Scale: uint8(column)}
}

// finish adds up the lanes of each sum and writes, or adds, the totals to C.
func (n dots) finish() {
	MOVQ(c, pointer)
	for r := range n.rows {
		for column := range n.columns {
			n.fold(n.sum(r, column), n.spare(0))
		}
		total := n.sum(r, 0).AsX()
		if n.columns == 4 {
			third := n.sum(r, 2).AsX()
			VHADDPS(n.sum(r, 1).AsX(), total, total)
			VHADDPS(n.sum(r, 3).AsX(), third, third)
			VHADDPS(third, total, total)
		} else {
			VHADDPS(total, total, total)
			VHADDPS(total, total, total)
		}
		n.toC(total, fmt.Sprint("write", r))
		ADDQ(cRow, pointer)
	}
	ADDQ(U32(4*n.columns), c)
	ADDQ(Mem{Base: arguments, Disp: fieldBPanel}, bPanel)
}

func (n dots) toC(total reg.Register, label string) {
	element := Mem{Base: pointer}
	CMPQ(Mem{Base: arguments, Disp: fieldAccumulate}, Imm(0))
	JEQ(LabelRef(label))
	if n.columns == 4 {
		VADDPS(element, total, total)
	} else {
		VADDSS(element, total, total)
	}
	Label(label)
	if n.columns == 4 {
		VMOVUPS(total, element)
	} else {
		VMOVSS(total, element)
	}
}

// fold adds the upper lanes to the lowest four.
func (n dots) fold(sum, high reg.VecPhysical) {
	if n.bytes == 64 {
		VEXTRACTF64X4(U8(1), sum, high.AsY())
		VADDPS(high.AsY(), sum.AsY(), sum.AsY())
		VEXTRACTF32X4(U8(1), sum.AsY(), high.AsX()) // high is beyond the reach of the shorter instruction
	} else {
		VEXTRACTF128(U8(1), sum.AsY(), high.AsX())
	}
	VADDPS(high.AsX(), sum.AsX(), sum.AsX())
}
