package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread emits the kernel that adds rows of B to the rows of a panel of C, so many vectors wide.
func spread(l level, vectors int) {
	name := fmt.Sprintf("spread%dx%s", vectors, l.name)
	TEXT(name, NOSPLIT, "func(panel *float32, b *float32, second int, third int, counts *uint16, places *uint16, values *float32, apart int, groups int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds three rows of B after the other, %d vectors wide, the last cut off by mask, times values", name, vectors),
		"(of which there are three arrays, apart bytes from each other) to the counts[group] rows of the panel that begin at places bytes. second and third are the bytes from the",
		"first row of a group to the others; the next group begins as far behind the third as the second is from the first.")
	b, second, third := Load(Param("b"), GP64()), Load(Param("second"), GP64()), Load(Param("third"), GP64())
	e, last := loadEntries(l, spreads), l.mask("mask")
	rows := [spreads][]reg.VecVirtual{l.vectors(vectors), l.vectors(vectors), l.vectors(vectors)}
	Label("group")
	n, next := e.count(), GP64()
	LEAQ(Mem{Base: b, Index: third, Scale: 1}, next)
	TESTQ(n, n)
	JZ(LabelRef("next"))
	l.load(b, last, rows[0])
	l.load(next, last, rows[2])
	ADDQ(second, b)
	l.load(b, last, rows[1])
	ahead := GP64() // two groups
	LEAQ(Mem{Base: next, Index: second, Scale: 2}, ahead)
	ADDQ(third, ahead)
	l.prefetch(vectors, Mem{Base: ahead}, Mem{Base: ahead, Index: second, Scale: 1}, Mem{Base: ahead, Index: third, Scale: 1})
	e.each(n, func(row reg.Register, values []reg.VecVirtual) {
		for i := range vectors {
			sum := l.vector()
			VMOVUPS(l.at(row, i), sum)
			for j, v := range values {
				VFMADD231PS(rows[j][i], v, sum)
			}
			VMOVUPS(sum, l.at(row, i))
		}
	})
	Label("next")
	LEAQ(Mem{Base: next, Index: second, Scale: 1}, b)
	DECQ(e.groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}
