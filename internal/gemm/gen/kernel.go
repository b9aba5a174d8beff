package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Where the fields of a strip lie; they are 8 bytes each.
const (
	fieldK = 8 * iota
	fieldA
	fieldARow
	fieldAColumn
	fieldB
	fieldBRow
	fieldBPanel
	fieldC
	fieldCRow
	fieldPanels
	fieldAccumulate
	fieldPacked
	fieldNext
	fieldNextRow
	fieldMask
)

// Registers of a kernel.
var (
	arguments = reg.RDI
	a         = reg.RSI // element (0, k) of A
	a7        = reg.RBX // element (7, k) of A
	aRow      = reg.R8
	aRow3     = reg.R9
	aRow5     = reg.R10
	aColumn   = reg.R11
	b         = reg.R12
	bRow      = reg.R13
	next      = reg.R13 // row of B that is packed next
	bPanel    = reg.R14 // first row of the panel
	k         = reg.RCX
	c         = reg.RDX
	cRow      = reg.R15
	panels    = reg.RAX
	packed    = reg.RAX // where a packing kernel puts its rows of B
	pointer   = k       // to a row of C, once the columns are counted

	theMask = Mem{Base: arguments, Disp: fieldMask}
)

// unroll is how many columns of A the inner loop takes at a time.
const unroll = 4

// kernel is a block of C, rows × vectors, held in registers while the columns
// of A and the rows of B pass by.
type kernel struct {
	level
	rows, vectors int
	masked        bool // the last vector is cut off by the mask
	packing       bool // one panel, whose B is copied to the packed one on the way
	direct        bool // B is read where it lies
}

// rowsAhead is the binary logarithm of how far ahead rows of B are asked for: a
// few hundred cycles.
func (n kernel) rowsAhead() int {
	if n.rows*n.vectors > 20 {
		return 4
	}
	return 3
}

// ahead is the row of B that is asked for. A packing kernel has one panel only,
// a direct one few rows.
func (n kernel) ahead() reg.Register {
	if n.packing {
		return bPanel
	}
	return a7
}

func (n kernel) name() string {
	name := fmt.Sprintf("strip%dx%dy%s", n.rows, n.vectors, n.level.name)
	if n.masked {
		name += "masked"
	}
	if n.packing {
		name += "packing"
	}
	if n.direct {
		name += "direct"
	}
	return name
}

func (n kernel) sum(row, vector int) reg.VecPhysical { return n.registers[row*n.vectors+vector] }

func (n kernel) spare(i int) reg.VecPhysical { return n.registers[n.rows*n.vectors+i] }

func (n kernel) write() {
	TEXT(n.name(), NOSPLIT, "func(s *[18]uintptr)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes a strip of C, %d rows high, in panels of %d vectors.", n.name(), n.rows, n.vectors))
	Load(Param("s"), arguments)
	n.loadArguments()
	Label("panel")
	n.start()
	n.loop("unrolled", unroll)
	n.loop("single", 1)
	n.finish()
	if !n.packing {
		DECQ(panels)
		JNZ(LabelRef("panel"))
	}
	VZEROUPPER()
	RET()
}

func (n kernel) loadArguments() {
	MOVQ(Mem{Base: arguments, Disp: fieldARow}, aRow)
	if n.rows > 3 {
		LEAQ(Mem{Base: aRow, Index: aRow, Scale: 2}, aRow3)
		LEAQ(Mem{Base: aRow, Index: aRow, Scale: 4}, aRow5)
	}
	MOVQ(Mem{Base: arguments, Disp: fieldAColumn}, aColumn)
	MOVQ(Mem{Base: arguments, Disp: fieldB}, bPanel)
	if n.isPacked() {
		MOVQ(Mem{Base: arguments, Disp: fieldNext}, next)
	} else {
		MOVQ(Mem{Base: arguments, Disp: fieldBRow}, bRow)
	}
	MOVQ(Mem{Base: arguments, Disp: fieldC}, c)
	MOVQ(Mem{Base: arguments, Disp: fieldCRow}, cRow)
	if n.packing {
		MOVQ(Mem{Base: arguments, Disp: fieldPacked}, packed)
	} else {
		MOVQ(Mem{Base: arguments, Disp: fieldPanels}, panels)
	}
	if n.masked && n.bytes == 64 {
		KMOVW(theMask, reg.K1)
	}
}

// start clears the sums and goes back to the first column of A.
func (n kernel) start() {
	MOVQ(Mem{Base: arguments, Disp: fieldA}, a)
	if n.rows > 7 {
		LEAQ(Mem{Base: a, Index: aRow3, Scale: 2}, a7)
		ADDQ(aRow, a7)
	}
	MOVQ(bPanel, b)
	if n.packing || n.direct {
		MOVQ(bRow, n.ahead())
		SHLQ(U8(n.rowsAhead()), n.ahead())
		ADDQ(b, n.ahead())
	}
	MOVQ(c, pointer)
	for r := range n.rows {
		for v := 0; v < n.vectors*n.bytes; v += 64 {
			PREFETCHT0(Mem{Base: pointer, Disp: v})
		}
		if r < n.rows-1 {
			ADDQ(cRow, pointer)
		}
	}
	for i := range n.rows * n.vectors {
		n.clear(n.registers[i])
	}
	MOVQ(Mem{Base: arguments, Disp: fieldK}, k)
}

// loop takes step columns at a time while there are so many.
func (n kernel) loop(name string, step int) {
	SUBQ(Imm(uint64(step)), k)
	JLT(LabelRef(name + "done"))
	Label(name)
	for range step {
		n.step()
	}
	if n.isPacked() && step == unroll {
		for v := 0; v < n.vectors*n.bytes; v += 64 {
			PREFETCHT1(Mem{Base: next, Disp: v})
		}
		ADDQ(Mem{Base: arguments, Disp: fieldNextRow}, next)
	}
	SUBQ(Imm(uint64(step)), k)
	JGE(LabelRef(name))
	Label(name + "done")
	ADDQ(Imm(uint64(step)), k)
}

// step adds the outer product of a column of A and a row of B.
func (n kernel) step() {
	if n.rows <= 3 && n.vectors > 2 {
		n.stepWide()
	} else {
		for v := range n.vectors {
			n.loadB(v, n.spare(v))
		}
		for r := range n.rows {
			x := n.spare(n.vectors + r%n.broadcasts())
			VBROADCASTSS(elementOfA(r), x)
			for v := range n.vectors {
				VFMADD231PS(n.spare(v), x, n.sum(r, v))
			}
		}
	}
	if n.packing {
		for v := range n.vectors {
			VMOVUPS(n.spare(v), Mem{Base: packed, Disp: v * n.bytes})
		}
		ADDQ(U32(n.vectors*n.bytes), packed)
	}
	if n.packing || n.direct {
		for v := 0; v < n.vectors*n.bytes; v += 64 {
			PREFETCHT0(Mem{Base: n.ahead(), Disp: v})
		}
		ADDQ(bRow, n.ahead())
	}
	ADDQ(aColumn, a)
	if n.rows > 7 {
		ADDQ(aColumn, a7)
	}
	if n.isPacked() {
		ADDQ(U32(n.vectors*n.bytes), b)
	} else {
		ADDQ(bRow, b)
	}
}

// isPacked says whether the rows of B follow each other.
func (n kernel) isPacked() bool { return !n.masked && !n.packing && !n.direct }

// broadcasts is how many registers are left for elements of A.
func (n kernel) broadcasts() int {
	return min(2, len(n.registers)-n.rows*n.vectors-n.vectors)
}

// stepWide keeps the column of A in registers and lets the row of B pass.
func (n kernel) stepWide() {
	for r := range n.rows {
		VBROADCASTSS(elementOfA(r), n.spare(r))
	}
	left := len(n.registers) - n.rows*n.vectors - n.rows
	for v := range n.vectors {
		x := n.spare(n.rows + v%min(left, 2))
		if n.rows > 1 {
			n.loadB(v, x)
		}
		for r := range n.rows {
			if n.rows == 1 {
				VFMADD231PS(Mem{Base: b, Disp: v * n.bytes}, n.spare(r), n.sum(r, v))
			} else {
				VFMADD231PS(x, n.spare(r), n.sum(r, v))
			}
		}
	}
}

func (n kernel) loadB(v int, to reg.Register) {
	from := Mem{Base: b, Disp: v * n.bytes}
	if n.masked && v == n.vectors-1 {
		n.loadMasked(from, n.spare(n.vectors), to)
	} else {
		VMOVUPS(from, to)
	}
}

// elementOfA addresses row r of A by two pointers and three multiples of the stride.
func elementOfA(r int) Mem {
	base := a
	if r == 7 || r > 8 && r != 12 {
		base, r = a7, r-7
	}
	switch r {
	case 0:
		return Mem{Base: base}
	case 1, 2, 4, 8:
		return Mem{Base: base, Index: aRow, Scale: uint8(r)}
	case 3, 6, 12:
		return Mem{Base: base, Index: aRow3, Scale: uint8(r / 3)}
	case 5:
		return Mem{Base: base, Index: aRow5, Scale: 1}
	}
	panic(fmt.Sprint("no address for row ", r))
}

// finish writes the sums to C, or adds them, and goes on to the next panel.
func (n kernel) finish() {
	CMPQ(Mem{Base: arguments, Disp: fieldAccumulate}, Imm(0))
	MOVQ(c, pointer)
	JEQ(LabelRef("write"))
	n.eachOfC(func(v int, masked bool, sum reg.VecPhysical, at Mem) {
		if masked {
			n.loadMasked(at, n.spare(1), n.spare(0))
			VADDPS(n.spare(0), sum, sum)
		} else {
			VADDPS(at, sum, sum)
		}
	})
	MOVQ(c, pointer)
	Label("write")
	n.eachOfC(func(v int, masked bool, sum reg.VecPhysical, at Mem) {
		if masked {
			n.storeMasked(sum, n.spare(0), at)
		} else {
			VMOVUPS(sum, at)
		}
	})
	ADDQ(U32(n.vectors*n.bytes), c)
	if !n.packing {
		ADDQ(Mem{Base: arguments, Disp: fieldBPanel}, bPanel)
	}
}

func (n kernel) eachOfC(visit func(v int, masked bool, sum reg.VecPhysical, at Mem)) {
	for r := range n.rows {
		for v := range n.vectors {
			visit(v, n.masked && v == n.vectors-1, n.sum(r, v), Mem{Base: pointer, Disp: v * n.bytes})
		}
		if r < n.rows-1 {
			ADDQ(cRow, pointer)
		}
	}
}
