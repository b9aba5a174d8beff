package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tabulate emits the kernel that writes the tables of groups of rows.
func tabulate(l level) {
	name := "tabulate" + l.name
	TEXT(name, NOSPLIT, "func(tables, rows *float32, groups int)")
	Pragma("noescape")
	Doc(name+" writes for each group of 4 rows of 32 numbers the 16 sums of those whose bits are set in 0, 1, …, 15,",
		"added in ascending order.")
	to, from, groups := Load(Param("tables"), GP64()), Load(Param("rows"), GP64()), Load(Param("groups"), GP64())
	Label("group")
	for at := 0; at < rowBytes; at += l.bytes {
		for state, sum := range l.sums(from, at) {
			VMOVUPS(sum, Mem{Base: to, Disp: rowBytes*state + at})
		}
	}
	ADDQ(U32(tableBytes), to)
	ADDQ(U32(rowBytes*group), from)
	DECQ(groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}

// sums returns the sums of a group's vectors that lie at the same place of a row.
func (l level) sums(from reg.Register, at int) []reg.VecVirtual {
	all := l.vectors(1)
	l.clear(all[0])
	for i := range group {
		x := l.vector()
		VMOVUPS(Mem{Base: from, Disp: rowBytes*i + at}, x)
		with := []reg.VecVirtual{x}
		for _, s := range all[1:] {
			y := l.vector()
			VADDPS(x, s, y)
			with = append(with, y)
		}
		all = append(all, with...)
	}
	return all
}
