package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// list emits the kernel that lists the rows where any column of a group is not zero.
func list(l level, columns int) {
	name, lanes := fmt.Sprintf("list%dx%s", columns, l.name), uint32(l.bytes/4)
	TEXT(name, NOSPLIT, "func(x *float32, stride int, rows int, tail uint32, groups int, pitch uint32, counts *uint16, places *uint16, values *float32, apart int) (entries int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s lists groups, of which each has %d columns of %d numbers and begins stride bytes behind the one before, at x.", name, columns, chunk),
		"Of the rows where any of a group's numbers is not zero it writes pitch times the row to places and the numbers to as many arrays of",
		"values, that lie so many bytes apart, one group behind the other, how many there are to counts, and up to",
		fmt.Sprintf("%d entries more at the end that mean nothing. rows is a multiple of %d but for tail, the mask of a last vector. It returns", lanes, lanes),
		"how many entries there are of all groups.")
	x, stride, rows := Load(Param("x"), GP64()), Load(Param("stride"), GP64()), Load(Param("rows"), GP64())
	groups, tail := Load(Param("groups"), GP64()), Load(Param("tail"), GP32())
	to := listed{
		counts: Load(Param("counts"), GP64()), places: Load(Param("places"), GP64()),
		values: loadValues(columns), zero: l.vector(), end: GP64(),
	}
	l.clear(to.zero)
	XORQ(to.end, to.end)
	numbers, rest := l.rowNumbers(), l.mask("tail")

	Label("group")
	begin, at, left := GP64(), GP64(), GP64()
	if columns == 1 { // which may be a row of A, out of cache
		ahead := GP64()
		LEAQ(Mem{Base: x, Index: stride, Scale: 8}, ahead)
		l.prefetch(4*chunk/l.bytes, Mem{Base: ahead})
	}
	MOVQ(to.end, begin)
	MOVQ(x, at)
	MOVQ(rows, left)
	numbers.begin()
	Label("vector")
	CMPQ(left, U32(lanes))
	JLT(LabelRef("last"))
	v := l.vectors(columns)
	for i := range v {
		VMOVUPS(Mem{Base: at, Disp: 4 * chunk * i}, v[i])
	}
	numbers.add(v, to)
	numbers.next()
	ADDQ(U32(l.bytes), at)
	SUBQ(U32(lanes), left)
	JMP(LabelRef("vector"))
	Label("last")
	TESTL(tail, tail)
	JZ(LabelRef("count"))
	for i := range v {
		l.loadMasked(Mem{Base: at, Disp: 4 * chunk * i}, rest, v[i])
	}
	numbers.add(v, to)
	Label("count")
	n := GP64()
	MOVQ(to.end, n)
	SUBQ(begin, n)
	MOVW(n.As16(), Mem{Base: to.counts})
	ADDQ(U32(2), to.counts)
	ADDQ(stride, x)
	DECQ(groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	Store(to.end, ReturnIndex(0))
	RET()
}

// listed are the arrays that entries are written to, end of them so far.
type listed struct {
	counts, places reg.Register
	values         []reg.Register
	zero           reg.VecVirtual
	end            reg.GPVirtual
}

// rowNumbers are the rows of a vector.
type rowNumbers interface {
	begin() // a group
	next()  // vector of it
	// add appends those rows where any number is not zero. Whole vectors are stored.
	add(v []reg.VecVirtual, to listed)
}

func (l level) rowNumbers() rowNumbers {
	if l.bytes == 64 {
		return newRows512()
	}
	return newRows256()
}

// advance says that as many entries more are listed as bits are set.
func (l listed) advance(bits reg.GPVirtual) {
	POPCNTL(bits, bits)
	ADDQ(bits.As64(), l.end)
}

const notEqual = 4 // NEQ_UQ: NaN is not zero
