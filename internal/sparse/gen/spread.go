package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread emits the kernel that adds two rows of B to the rows of a panel of C, so many vectors wide.
func spread(vectors int) {
	name := fmt.Sprintf("spread%dx512", vectors)
	TEXT(name, NOSPLIT, "func(panel *float32, b *float32, stride int, counts *uint16, places *uint16, first *float32, second *float32, pairs int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds two rows of B after the other, %d vectors wide, the last cut off by mask, times first", name, vectors),
		"and second to the counts[pair] rows of the panel that begin at places bytes. stride is the bytes",
		"from one row of B to the next.")
	b, stride := Load(Param("b"), GP64()), Load(Param("stride"), GP64())
	e, last := loadEntries(), mask("mask")
	upper, lower := zmms(vectors), zmms(vectors)
	Label("pair")
	n := e.count()
	TESTQ(n, n)
	JZ(LabelRef("next"))
	b2 := GP64()
	LEAQ(Mem{Base: b, Index: stride, Scale: 1}, b2)
	load(b, last, upper)
	load(b2, last, lower)
	e.each(n, func(row reg.Register, one, two reg.VecVirtual) {
		for i := range vectors {
			sum := ZMM()
			VMOVUPS(Mem{Base: row, Disp: 64 * i}, sum)
			VFMADD231PS(upper[i], one, sum)
			VFMADD231PS(lower[i], two, sum)
			VMOVUPS(sum, Mem{Base: row, Disp: 64 * i})
		}
	})
	Label("next")
	LEAQ(Mem{Base: b, Index: stride, Scale: 2}, b)
	DECQ(e.pairs)
	JNZ(LabelRef("pair"))
	VZEROUPPER()
	RET()
}
