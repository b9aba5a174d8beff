package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// entries walks over lists.
type entries struct {
	panel, counts, places, first, second, pairs reg.Register
}

func loadEntries() entries {
	return entries{
		panel: Load(Param("panel"), GP64()), counts: Load(Param("counts"), GP64()), places: Load(Param("places"), GP64()),
		first: Load(Param("first"), GP64()), second: Load(Param("second"), GP64()), pairs: Load(Param("pairs"), GP64()),
	}
}

// count returns how many entries the next pair has.
func (e entries) count() reg.GPVirtual {
	n := GP64()
	MOVWLZX(Mem{Base: e.counts}, n.As32())
	ADDQ(U32(2), e.counts)
	return n
}

// each emits a loop over the n > 0 entries of a pair.
func (e entries) each(n reg.GPVirtual, body func(row reg.Register, one, two reg.VecVirtual)) {
	row, one, two := GP64(), ZMM(), ZMM()
	LEAQ(Mem{Base: e.places, Index: n, Scale: 2}, e.places)
	LEAQ(Mem{Base: e.first, Index: n, Scale: 4}, e.first)
	LEAQ(Mem{Base: e.second, Index: n, Scale: 4}, e.second)
	NEGQ(n)
	Label("entry")
	MOVWLZX(Mem{Base: e.places, Index: n, Scale: 2}, row.As32())
	VBROADCASTSS(Mem{Base: e.first, Index: n, Scale: 4}, one)
	VBROADCASTSS(Mem{Base: e.second, Index: n, Scale: 4}, two)
	ADDQ(e.panel, row)
	body(row, one, two)
	INCQ(n)
	JNZ(LabelRef("entry"))
}
