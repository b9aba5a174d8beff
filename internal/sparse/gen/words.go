package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// words walks over words whose bits say which rows of a panel belong to numbers of x that are not zero.
type words struct {
	level
	panel, pitch, words, x, next reg.Register
}

// loadWords reads the parameters that say where the panel, the words and x are.
func loadWords(l level) words {
	return words{
		level: l, panel: Load(Param("panel"), GP64()), pitch: Load(Param("pitch"), GP64()),
		words: Load(Param("words"), GP64()), x: Load(Param("x"), GP64()), next: Load(Param("next"), GP64()),
	}
}

// union returns the bits that are set in any of the next words.
func (w words) union(columns int) reg.GPVirtual {
	word := GP64()
	MOVQ(Mem{Base: w.words}, word)
	for i := 1; i < columns; i++ {
		ORQ(Mem{Base: w.words, Disp: 8 * i}, word)
	}
	ADDQ(U32(8*columns), w.words)
	return word
}

// each emits a loop over the bits of a word that is not 0, the lowest first: each stands for a
// row of the panel, and for as many neighbouring numbers of x as there are columns.
func (w words) each(word reg.GPVirtual, columns int, body func(row reg.Register, values []reg.VecVirtual)) {
	row, x, values := GP64(), GP64(), w.vectors(columns)
	Label("bit")
	TZCNTQ(word, row)
	MOVQ(row, x)
	IMULQ(w.pitch, row)
	IMULQ(w.next, x)
	ADDQ(w.panel, row)
	for i, v := range values {
		VBROADCASTSS(Mem{Base: w.x, Index: x, Scale: 1, Disp: size * i}, v)
	}
	body(row, values)
	BLSRQ(word, word)
	JNZ(LabelRef("bit"))
}
