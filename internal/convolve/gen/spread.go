package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// spread is the kernel that sends errors back to the numbers that the kernels saw.
type spread struct{ level }

func (n spread) write() {
	name := "spread" + n.level.name
	TEXT(name, NOSPLIT, "func(dx *float32, dz *float32, turned *float32, starts *int, segments int, inner int, size int, depth int, columns int, rows int, line int, pitch int, mask uint32, rest uint32)")
	Pragma("noescape")
	Doc(name+" adds to dx, an image, for each position and each channel of a vector whose dz is not zero, dz times the channel's row of",
		"turned. The segments of a kernel begin at starts, in numbers. The rest is bytes: inner of a segment, size of a row of turned, depth and line from position to",
		"position and from row to row in dx, pitch from position to position in dz. mask cuts off the channels, rest the last vector of a segment.")
	image, dz, turned := Load(Param("dx"), GP64()), Load(Param("dz"), GP64()), Load(Param("turned"), GP64())
	inner, rows := Load(Param("inner"), GP64()), Load(Param("rows"), GP64())
	channels, rest := n.loadTail("mask"), n.loadTail("rest")
	whole := GP64() // bytes of a segment in whole vectors
	MOVQ(inner, whole)
	ANDQ(I32(-n.bytes()), whole)
	zero := n.vector()
	n.clear(zero)

	Label("row")
	x, left := GP64(), Load(Param("columns"), GP64())
	MOVQ(image, x)
	Label("position")
	bits := n.notZero(dz, channels, zero)
	TESTL(bits, bits)
	JZ(LabelRef("next"))

	Label("channel")
	channel, w := GP64(), GP64()
	BSFL(bits, channel.As32())
	e := n.vector()
	VBROADCASTSS(Mem{Base: dz, Index: channel, Scale: 4}, e)
	IMULQ(memory("size"), channel)
	LEAQ(Mem{Base: turned, Index: channel, Scale: 1}, w)
	start, segments := Load(Param("starts"), GP64()), Load(Param("segments"), GP64())
	Label("segment")
	to, i := GP64(), GP64()
	MOVQ(Mem{Base: start}, to)
	LEAQ(Mem{Base: x, Index: to, Scale: 4}, to)
	XORQ(i, i)
	sum, weights := n.vector(), n.vector()
	Label("vector")
	CMPQ(i, whole)
	JGE(LabelRef("rest"))
	VMOVUPS(Mem{Base: to, Index: i, Scale: 1}, sum)
	VFMADD231PS(Mem{Base: w, Index: i, Scale: 1}, e, sum)
	VMOVUPS(sum, Mem{Base: to, Index: i, Scale: 1})
	ADDQ(Imm(uint64(n.bytes())), i)
	JMP(LabelRef("vector"))
	Label("rest")
	CMPQ(i, inner)
	JGE(LabelRef("done"))
	n.load(Mem{Base: to, Index: i, Scale: 1}, rest, sum)
	n.load(Mem{Base: w, Index: i, Scale: 1}, rest, weights)
	VFMADD231PS(weights, e, sum)
	n.store(sum, rest, Mem{Base: to, Index: i, Scale: 1})
	Label("done")
	ADDQ(inner, w)
	ADDQ(Imm(8), start)
	DECQ(segments)
	JNZ(LabelRef("segment"))
	below := GP32()
	LEAL(Mem{Base: bits, Disp: -1}, below)
	ANDL(below, bits)
	JNZ(LabelRef("channel"))

	Label("next")
	ADDQ(memory("depth"), x)
	ADDQ(memory("pitch"), dz)
	DECQ(left)
	JNZ(LabelRef("position"))
	ADDQ(memory("line"), image)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// notZero returns a bit for each lane at dz that is not zero, as NaN is not.
func (n spread) notZero(dz reg.Register, channels tail, zero reg.VecVirtual) reg.GPVirtual {
	d, bits := n.vector(), GP32()
	n.load(Mem{Base: dz}, channels, d)
	if n.masks {
		k := K()
		VCMPPS(U8(notEqual), zero, d, k)
		KMOVW(k, bits)
	} else {
		VCMPPS(U8(notEqual), zero, d, d)
		VMOVMSKPS(d, bits)
	}
	return bits
}
