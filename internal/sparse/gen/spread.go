package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread emits the kernel that adds groups of so many rows of B to the rows of a panel of C, so many
// vectors wide.
func spread(l level, columns, vectors int) {
	name := fmt.Sprintf("spread%dof%dx%s", columns, vectors, l.name)
	TEXT(name, NOSPLIT, "func(panel *float32, pitch int, b *float32, stride int, words *uint64, x *float32, next int, groups int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds %d rows of B, %d vectors wide, the last cut off by mask, and stride bytes apart, times as many", name, columns, vectors),
		"neighbouring numbers of x to those rows of the panel, pitch bytes apart, whose bit is set in any of the words of the group, and",
		"goes on to the next group. The numbers of the next row of the panel are next bytes behind.")
	b, stride, groups := Load(Param("b"), GP64()), Load(Param("stride"), GP64()), Load(Param("groups"), GP64())
	w, cut := loadWords(l), l.mask("mask")
	rows := make([][]reg.VecVirtual, columns)
	for i := range rows {
		rows[i] = l.vectors(vectors)
	}
	Label("group")
	word, ahead := w.union(columns), GP64() // two groups
	LEAQ(Mem{Base: b, Index: stride, Scale: 4}, ahead)
	if columns == 3 {
		LEAQ(Mem{Base: ahead, Index: stride, Scale: 2}, ahead)
	}
	for i := range rows {
		l.prefetch(vectors, Mem{Base: ahead})
		if i < columns-1 {
			ADDQ(stride, ahead)
		}
	}
	TESTQ(word, word)
	JZ(LabelRef("silent"))
	for _, row := range rows {
		l.load(b, cut, row)
		ADDQ(stride, b)
	}
	w.each(word, columns, func(row reg.Register, values []reg.VecVirtual) { l.spreadTo(row, values, rows) })
	JMP(LabelRef("next"))
	Label("silent")
	for range rows {
		ADDQ(stride, b)
	}
	Label("next")
	ADDQ(U32(size*columns), w.x)
	DECQ(groups)
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
