package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread emits the kernel that adds groups of rows of B, two or three, to the rows of a panel
// of C, so many vectors wide.
func spread(l level, columns, vectors int) {
	name := fmt.Sprintf("spread%dx%s", vectors, l.name)
	TEXT(name, NOSPLIT, "func(panel *float32, b *float32, second int, last int, counts *uint16, places *uint16, values *float32, apart int, groups int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds %d rows of B after the other, %d vectors wide, the last cut off by mask, times values", name, columns, vectors),
		"(of which there are as many arrays, apart bytes from each other) to the counts[group] rows of the panel that begin at places bytes. second and last are the bytes",
		"from the first row of a group to its second and its last; the next group begins as far behind the last as the second is from the first.")
	b, second, behind := Load(Param("b"), GP64()), Load(Param("second"), GP64()), Load(Param("last"), GP64())
	e, cut := loadEntries(l, columns), l.mask("mask")
	rows := make([][]reg.VecVirtual, columns)
	for i := range rows {
		rows[i] = l.vectors(vectors)
	}
	Label("group")
	n, next := e.count(), GP64()
	LEAQ(Mem{Base: b, Index: behind, Scale: 1}, next)
	TESTQ(n, n)
	JZ(LabelRef("next"))
	l.load(b, cut, rows[0])
	l.load(next, cut, rows[columns-1])
	if columns == 3 {
		ADDQ(second, b)
		l.load(b, cut, rows[1])
	}
	ahead := GP64() // two groups
	LEAQ(Mem{Base: next, Index: second, Scale: 2}, ahead)
	ADDQ(behind, ahead)
	l.prefetch(vectors, []Mem{{Base: ahead}, {Base: ahead, Index: second, Scale: 1}, {Base: ahead, Index: behind, Scale: 1}}[:columns]...)
	e.each(n, func(row reg.Register, values []reg.VecVirtual) { l.spreadTo(row, values, rows) })
	Label("next")
	LEAQ(Mem{Base: next, Index: second, Scale: 1}, b)
	DECQ(e.groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// spreadTo adds rows of B times values to a row of C.
func (l level) spreadTo(row reg.Register, values []reg.VecVirtual, rows [][]reg.VecVirtual) {
	for i := range rows[0] {
		sum := l.vector()
		VMOVUPS(l.at(row, i), sum)
		for j, v := range values {
			VFMADD231PS(rows[j][i], v, sum)
		}
		VMOVUPS(sum, l.at(row, i))
	}
}
