package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// sum emits the kernel that adds up rows of tables. Its additions wait for loads, so states
// are taken out of a register.
func sum(l level) {
	name := "sum" + l.name
	TEXT(name, NOSPLIT, "func(to *float32, toPitch int, from *float32, fromPitch int, tables *float32, words *uint64, groups, rows int)")
	Pragma("noescape")
	Doc(name+" writes so many rows of 32 numbers: those at from, plus a row of each group's table, that of its state,",
		"the next 4 bits of the row's word, the lowest first. Pitches are bytes from row to row.")
	to, toPitch := Load(Param("to"), GP64()), Load(Param("toPitch"), GP64())
	from, fromPitch := Load(Param("from"), GP64()), Load(Param("fromPitch"), GP64())
	tables, groups := Load(Param("tables"), GP64()), Load(Param("groups"), GP64())
	words, rows := Load(Param("words"), GP64()), Load(Param("rows"), GP64())
	sums := l.row()
	Label("row")
	table, states, left := GP64(), GP64(), GP64()
	for i, v := range sums {
		VMOVUPS(l.at(from, i), v)
	}
	MOVQ(Mem{Base: words}, states)
	SHLQ(U8(rowShift), states) // a state times the bytes of a row; up to 14 groups are left
	MOVQ(tables, table)
	MOVQ(groups, left)
	Label("group")
	row := GP64()
	MOVQ(states, row)
	ANDQ(U32(tableBytes-rowBytes), row)
	ADDQ(table, row)
	for i, v := range sums {
		VADDPS(l.at(row, i), v, v)
	}
	SHRQ(U8(group), states)
	ADDQ(U32(tableBytes), table)
	DECQ(left)
	JNZ(LabelRef("group"))
	for i, v := range sums {
		VMOVUPS(v, l.at(to, i))
	}
	ADDQ(fromPitch, from)
	ADDQ(toPitch, to)
	ADDQ(U32(8), words)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
