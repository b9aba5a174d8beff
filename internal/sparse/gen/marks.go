package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const notEqual = 4 // NEQ_UQ: NaN is not zero

// marks writes which of eight numbers are not zero, a bit each.
type marks struct{ zero reg.VecVirtual }

func newMarks() marks {
	m := marks{YMM()}
	VXORPS(m.zero, m.zero, m.zero)
	return m
}

// whole marks eight numbers.
func (m marks) whole(x Mem, to Mem) {
	v := YMM()
	VCMPPS(U8(notEqual), x, m.zero, v)
	m.store(v, to)
}

// rest marks the first numbers, as many as a mask has; the others are zero.
func (m marks) rest(x Mem, mask reg.Register, to Mem) {
	v := YMM()
	avx2.loadMasked(x, mask, v)
	VCMPPS(U8(notEqual), v, m.zero, v)
	m.store(v, to)
}

func (marks) store(v reg.VecVirtual, to Mem) {
	bits := GP32()
	VMOVMSKPS(v, bits)
	MOVB(bits.As8(), to)
}

// line emits a loop over count vectors of eight numbers at x, whose bits go step bytes apart, and the numbers
// of mask behind them.
func (m marks) line(prefix string, x, to, count, mask reg.Register, step int) {
	Label(prefix)
	TESTQ(count, count)
	JZ(LabelRef(prefix + "rest"))
	m.whole(Mem{Base: x}, Mem{Base: to})
	ADDQ(U32(avx2.bytes), x)
	ADDQ(U32(step), to)
	DECQ(count)
	JMP(LabelRef(prefix))
	Label(prefix + "rest")
	m.rest(Mem{Base: x}, mask, Mem{Base: to})
}

// markRow emits the kernel that marks numbers that follow each other.
func markRow() {
	TEXT("markRow", NOSPLIT, "func(word *uint64, x *float32, vectors int, tail uint32)")
	Pragma("noescape")
	Doc("markRow writes which of up to 64 numbers are not zero, so many vectors of eight and those of tail behind them, to the bits of a word.")
	word, x, vectors := Load(Param("word"), GP64()), Load(Param("x"), GP64()), Load(Param("vectors"), GP64())
	mask, m := avx2.mask("tail"), newMarks()
	zero := GP64()
	XORQ(zero, zero)
	MOVQ(zero, Mem{Base: word})
	m.line("vector", x, word, vectors, mask, 1)
	VZEROUPPER()
	RET()
}

// markColumns emits the kernel that marks the columns of a chunk of rows.
func markColumns() {
	TEXT("markColumns", NOSPLIT, "func(words *uint64, bits *uint8, x *float32, stride int, rows int, vectors int, tail uint32)")
	Pragma("noescape")
	Doc("markColumns writes which numbers are not zero of up to 64 rows of so many vectors of eight, and of those of tail behind them: a word",
		"for each column, the first row in the lowest bit. stride is the bytes from row to row. Words are written for whole vectors, tail's",
		"too. bits has room for 64 bytes a vector.")
	words, bits, x := Load(Param("words"), GP64()), Load(Param("bits"), GP64()), Load(Param("x"), GP64())
	stride, rows, vectors := Load(Param("stride"), GP64()), Load(Param("rows"), GP64()), Load(Param("vectors"), GP64())
	mask, m := avx2.mask("tail"), newMarks()
	at, left := GP64(), GP64()
	MOVQ(bits, at)
	MOVQ(vectors, left)
	Label("clear") // rows that do not exist have no bits
	VMOVUPS(m.zero, Mem{Base: at})
	VMOVUPS(m.zero, Mem{Base: at, Disp: 32})
	ADDQ(U32(chunk), at)
	DECQ(left)
	JGE(LabelRef("clear"))
	row := GP64()
	MOVQ(bits, row)
	Label("row")
	from, to, count := GP64(), GP64(), GP64()
	MOVQ(x, from)
	MOVQ(row, to)
	MOVQ(vectors, count)
	m.line("vector", from, to, count, mask, chunk)
	INCQ(row)
	ADDQ(stride, x)
	DECQ(rows)
	JNZ(LabelRef("row"))

	Label("transpose") // a byte for eight columns of each row → a word for each column
	halves := avx2.vectors(2)
	for h, v := range halves {
		VMOVUPS(Mem{Base: bits, Disp: 32 * h}, v)
	}
	for column := 7; column >= 0; column-- {
		for h, v := range halves {
			word := GP32()
			VPMOVMSKB(v, word) // the highest bit of each byte
			MOVL(word, Mem{Base: words, Disp: 8*column + 4*h})
			VPADDB(v, v, v)
		}
	}
	ADDQ(U32(chunk), bits)
	ADDQ(U32(8*8), words)
	DECQ(vectors)
	JGE(LabelRef("transpose"))
	VZEROUPPER()
	RET()
}
