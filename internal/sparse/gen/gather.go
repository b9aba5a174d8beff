package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gather emits the kernel that sums rows of a panel of B, so many vectors wide, for one row of C
// after the other.
func gather(l level, vectors int) {
	name := fmt.Sprintf("gather%dx%s", vectors, l.name)
	TEXT(name, NOSPLIT, "func(c *float32, stride int, from *float32, fromStride int, panel *float32, pitch int, words *uint64, x *float32, next int, line int, rows int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes a row of C after the other, %d vectors wide, the last cut off by mask: the sums of those rows of", name, vectors),
		"the panel, pitch bytes apart, whose bits are set in the row's word, times numbers of x, and of what is at from unless that",
		"is nil. The numbers of a row of C are next bytes apart, and begin line bytes behind those of the row before. stride and",
		"fromStride are the bytes from row to row.")
	c, from, rows := Load(Param("c"), GP64()), Load(Param("from"), GP64()), Load(Param("rows"), GP64())
	w, last, sums := loadWords(l), l.mask("mask"), l.vectors(vectors)
	Label("row")
	word := w.union(1)
	TESTQ(from, from)
	JZ(LabelRef("fresh"))
	TESTQ(word, word)
	JNZ(LabelRef("load"))
	CMPQ(c, from)
	JEQ(LabelRef("next")) // the sums are where they belong
	Label("load")
	l.load(from, last, sums)
	JMP(LabelRef("sum"))
	Label("fresh")
	l.clear(sums...)
	Label("sum")
	TESTQ(word, word)
	JZ(LabelRef("store"))
	w.each(word, 1, func(row reg.Register, values []reg.VecVirtual) {
		for i, sum := range sums {
			VFMADD231PS(l.at(row, i), values[0], sum)
		}
	})
	Label("store")
	l.store(sums, last, c)
	Label("next")
	TESTQ(from, from)
	JZ(LabelRef("behind"))
	ADDQ(NewParamAddr("fromStride", 24), from)
	Label("behind")
	ADDQ(NewParamAddr("stride", 8), c)
	ADDQ(NewParamAddr("line", 72), w.x)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
