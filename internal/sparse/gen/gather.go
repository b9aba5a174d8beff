package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gather emits the kernel that sums rows of a panel of B for two rows of C, so many vectors wide.
func gather(vectors int) {
	name := fmt.Sprintf("gather%dx512", vectors)
	TEXT(name, NOSPLIT, "func(c *float32, stride int, from *float32, fromStride int, panel *float32, counts *uint16, places *uint16, values *float32, apart int, groups int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes two rows of C after the other, %d vectors wide, the last cut off by mask: the sums of", name, vectors),
		"the counts[group] rows of the panel that begin at places bytes, times values, and of what",
		"is at from unless that is nil. stride and fromStride are the bytes from row to row.")
	c, stride := Load(Param("c"), GP64()), Load(Param("stride"), GP64())
	from, fromStride := Load(Param("from"), GP64()), Load(Param("fromStride"), GP64())
	e, last := loadEntries(gathers), mask("mask")
	upper, lower := zmms(vectors), zmms(vectors)
	Label("group")
	n, c2 := e.count(), GP64()
	LEAQ(Mem{Base: c, Index: stride, Scale: 8}, c2) // four groups ahead
	prefetch(vectors, Mem{Base: c2}, Mem{Base: c2, Index: stride, Scale: 1})
	TESTQ(from, from)
	JZ(LabelRef("fresh"))
	from2 := GP64()
	LEAQ(Mem{Base: from, Index: fromStride, Scale: 1}, from2)
	load(from, last, upper)
	load(from2, last, lower)
	LEAQ(Mem{Base: from, Index: fromStride, Scale: 2}, from)
	JMP(LabelRef("sum"))
	Label("fresh")
	clear(upper)
	clear(lower)
	Label("sum")
	TESTQ(n, n)
	JZ(LabelRef("store"))
	e.each(n, func(row reg.Register, values []reg.VecVirtual) {
		for i := range vectors {
			x := ZMM()
			VMOVUPS(Mem{Base: row, Disp: 64 * i}, x)
			VFMADD231PS(x, values[0], upper[i])
			VFMADD231PS(x, values[1], lower[i])
		}
	})
	Label("store")
	LEAQ(Mem{Base: c, Index: stride, Scale: 1}, c2)
	store(lower, last, c2) // first, so that a stride of 0 leaves the upper row
	store(upper, last, c)
	LEAQ(Mem{Base: c, Index: stride, Scale: 2}, c)
	DECQ(e.groups)
	JNZ(LabelRef("group"))
	VZEROUPPER()
	RET()
}
