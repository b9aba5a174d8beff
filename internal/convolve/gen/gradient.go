package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gradient is a kernel for the weights of so many neighbouring inputs of a kernel,
// held in registers while all positions of an image pass.
type gradient struct {
	level
	inputs int
}

// pairs says that neighbouring positions are summed by themselves, so that enough
// sums are under way at once.
func (n gradient) pairs() bool { return n.inputs <= n.level.inputs/2 && (n.masks || n.inputs <= 5) }

func (n gradient) write() {
	name := fmt.Sprintf("gradient%dx%s", n.inputs, n.level.name)
	TEXT(name, NOSPLIT, "func(dw *float32, image *float32, dz *float32, depth int, columns int, rows int, line int, pitch int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s adds to a vector of channels of %d rows of dw the sums over all positions of the inputs times dz.", name, n.inputs),
		"depth, line and pitch are bytes: from position to position and from row to row in the image, from row to row of dw and from position to position in dz.")
	dw, image, dz := Load(Param("dw"), GP64()), Load(Param("image"), GP64()), Load(Param("dz"), GP64())
	depth, pitch, rows := Load(Param("depth"), GP64()), Load(Param("pitch"), GP64()), Load(Param("rows"), GP64())
	last := n.loadTail("mask")
	even, d := n.vectors(n.inputs), n.vector()
	for _, sum := range even {
		n.clear(sum)
	}
	var odd []reg.VecVirtual
	if n.pairs() {
		odd = n.vectors(n.inputs)
		for _, sum := range odd {
			n.clear(sum)
		}
	}

	Label("row")
	x, left := GP64(), Load(Param("columns"), GP64())
	MOVQ(image, x)
	if n.pairs() {
		Label("pair")
		SUBQ(Imm(2), left)
		JLT(LabelRef("last"))
		n.position(x, dz, pitch, last, d, even)
		ADDQ(depth, x)
		n.position(x, dz, pitch, last, d, odd)
		ADDQ(depth, x)
		JMP(LabelRef("pair"))
		Label("last")
		ADDQ(Imm(2), left)
		JZ(LabelRef("next"))
	}
	Label("position")
	n.position(x, dz, pitch, last, d, even)
	ADDQ(depth, x)
	DECQ(left)
	JNZ(LabelRef("position"))
	Label("next")
	ADDQ(memory("line"), image)
	DECQ(rows)
	JNZ(LabelRef("row"))

	for i, sum := range odd {
		VADDPS(sum, even[i], even[i])
	}
	for i, sum := range even {
		n.load(Mem{Base: dw}, last, d)
		VADDPS(d, sum, sum)
		n.store(sum, last, Mem{Base: dw})
		if i < n.inputs-1 {
			ADDQ(pitch, dw)
		}
	}
	VZEROUPPER()
	RET()
}

// position adds the products of one position, and goes on to the next of dz.
func (n gradient) position(x, dz, pitch reg.Register, last tail, d reg.VecVirtual, sums []reg.VecVirtual) {
	n.load(Mem{Base: dz}, last, d)
	for i, sum := range sums {
		n.addProducts(Mem{Base: x, Disp: 4 * i}, d, sum)
	}
	ADDQ(pitch, dz)
}
