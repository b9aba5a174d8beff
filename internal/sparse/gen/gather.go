package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gather emits the kernel that sums rows of a panel of B, so many vectors wide, for as
// many rows of C as a group has columns, one or two.
func gather(l level, columns, vectors int) {
	name, rows := fmt.Sprintf("gather%dx%s", vectors, l.name), []string{"", "a row", "two rows"}[columns]
	TEXT(name, NOSPLIT, "func(c *float32, stride int, from *float32, fromStride int, panel *float32, counts *uint16, places *uint16, values *float32, apart int, groups int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes %s of C after the other, %d vectors wide, the last cut off by mask: the sums of", name, rows, vectors),
		"the counts[group] rows of the panel that begin at places bytes, times values, and of what",
		"is at from unless that is nil. stride and fromStride are the bytes from row to row.")
	c, stride := Load(Param("c"), GP64()), Load(Param("stride"), GP64())
	from, fromStride := Load(Param("from"), GP64()), Load(Param("fromStride"), GP64())
	e, last := loadEntries(l, columns), l.mask("mask")
	var sums [][]reg.VecVirtual
	for range columns {
		sums = append(sums, l.vectors(vectors))
	}
	Label("group")
	n, ahead := e.count(), GP64()
	LEAQ(Mem{Base: c, Index: stride, Scale: 8}, ahead) // eight rows
	l.prefetch(vectors, []Mem{{Base: ahead}, {Base: ahead, Index: stride, Scale: 1}}[:columns]...)
	TESTQ(from, from)
	JZ(LabelRef("fresh"))
	for _, v := range sums {
		l.load(from, last, v)
		ADDQ(fromStride, from)
	}
	JMP(LabelRef("sum"))
	Label("fresh")
	for _, v := range sums {
		l.clear(v...)
	}
	Label("sum")
	TESTQ(n, n)
	JZ(LabelRef("store"))
	e.each(n, func(row reg.Register, values []reg.VecVirtual) { l.add(row, values, sums) })
	Label("store")
	next := GP64()
	LEAQ(Mem{Base: c, Index: stride, Scale: uint8(columns)}, next)
	if columns == 2 {
		second := GP64()
		LEAQ(Mem{Base: c, Index: stride, Scale: 1}, second)
		l.store(sums[1], last, second) // first, so that a stride of 0 leaves the upper row
	}
	l.store(sums[0], last, c)
	MOVQ(next, c)
	DECQ(e.groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// add adds a row of B times each value to the value's sums.
func (l level) add(row reg.Register, values []reg.VecVirtual, sums [][]reg.VecVirtual) {
	for i := range sums[0] {
		if len(values) == 1 {
			VFMADD231PS(l.at(row, i), values[0], sums[0][i])
			continue
		}
		x := l.vector()
		VMOVUPS(l.at(row, i), x)
		for j, v := range values {
			VFMADD231PS(x, v, sums[j][i])
		}
	}
}
