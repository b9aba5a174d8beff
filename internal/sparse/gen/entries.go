package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// entries walks over lists.
type entries struct {
	level
	panel, counts, places, groups reg.Register
	values                        []reg.Register // of each column of a group
}

// loadEntries reads the parameters that say where the lists of groups of so many columns are.
func loadEntries(l level, columns int) entries {
	return entries{
		level: l,
		panel: Load(Param("panel"), GP64()), counts: Load(Param("counts"), GP64()),
		places: Load(Param("places"), GP64()), groups: Load(Param("groups"), GP64()), values: loadValues(columns),
	}
}

// loadValues returns where the values of each column of a group begin.
func loadValues(columns int) []reg.Register {
	apart, all := Load(Param("apart"), GP64()), []reg.Register{Load(Param("values"), GP64())}
	for i := 1; i < columns; i++ {
		next := GP64()
		LEAQ(Mem{Base: all[i-1], Index: apart, Scale: 1}, next)
		all = append(all, next)
	}
	return all
}

// count returns how many entries the next group has.
func (e entries) count() reg.GPVirtual {
	n := GP64()
	MOVWLZX(Mem{Base: e.counts}, n.As32())
	ADDQ(U32(2), e.counts)
	return n
}

// each emits a loop over the n > 0 entries of a group.
func (e entries) each(n reg.GPVirtual, body func(row reg.Register, values []reg.VecVirtual)) {
	row, values := GP64(), e.vectors(len(e.values))
	LEAQ(Mem{Base: e.places, Index: n, Scale: 2}, e.places)
	for _, v := range e.values {
		LEAQ(Mem{Base: v, Index: n, Scale: 4}, v)
	}
	NEGQ(n)
	Label("entry")
	MOVWLZX(Mem{Base: e.places, Index: n, Scale: 2}, row.As32())
	for i, v := range values {
		VBROADCASTSS(Mem{Base: e.values[i], Index: n, Scale: 4}, v)
	}
	ADDQ(e.panel, row)
	body(row, values)
	INCQ(n)
	JNZ(LabelRef("entry"))
}
