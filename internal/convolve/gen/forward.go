package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// forward is a kernel for the summed inputs of so many neighbouring positions, held
// in registers while what the weights are multiplied by passes.
type forward struct {
	level
	positions int
}

func (n forward) write() {
	name := fmt.Sprintf("forward%dx%s", n.positions, n.level.name)
	TEXT(name, NOSPLIT, "func(z *float32, image *float32, weights *float32, bias *float32, starts *int, segments int, inner int, depth int, line int, rows int, pitch int, zline int, mask uint32)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s computes a vector of channels of %d neighbouring positions, in each of so many rows of them. The segments", name, n.positions),
		"of a kernel begin at starts, in numbers, and are inner numbers long. depth, line, pitch and zline are bytes: from position to position and from row to row",
		"in the image, from position to position in z and from row to row of weights, from row to row in z.")
	z, image := Load(Param("z"), GP64()), Load(Param("image"), GP64())
	depth, pitch, rows := Load(Param("depth"), GP64()), Load(Param("pitch"), GP64()), Load(Param("rows"), GP64())
	last := n.loadTail("mask")
	sums, w := n.vectors(n.positions), n.vector()

	Label("row")
	weights, start, segments := GP64(), GP64(), GP64()
	MOVQ(memory("bias"), weights)
	n.load(Mem{Base: weights}, last, w)
	for _, sum := range sums {
		VMOVAPS(w, sum)
	}
	Load(Param("weights"), weights)
	Load(Param("starts"), start)
	Load(Param("segments"), segments)

	Label("segment")
	at := n.pointers(image, start, depth)
	inner := Load(Param("inner"), GP64())
	Label("input")
	n.load(Mem{Base: weights}, last, w)
	for p, sum := range sums {
		n.addProducts(position(at, depth, p), w, sum)
	}
	for _, base := range at {
		ADDQ(Imm(4), base)
	}
	ADDQ(pitch, weights)
	DECQ(inner)
	JNZ(LabelRef("input"))
	ADDQ(Imm(8), start)
	DECQ(segments)
	JNZ(LabelRef("segment"))

	to := GP64()
	MOVQ(z, to)
	for p, sum := range sums {
		n.store(sum, last, Mem{Base: to})
		if p < n.positions-1 {
			ADDQ(pitch, to)
		}
	}
	ADDQ(memory("line"), image)
	ADDQ(memory("zline"), z)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// together is how many positions are addressed by one pointer.
const together = 3

// pointers returns where every third position's numbers are.
func (n forward) pointers(image, start, depth reg.Register) (all []reg.Register) {
	for p := 0; p < n.positions; p += together {
		at := GP64()
		if p == 0 {
			MOVQ(Mem{Base: start}, at)
			LEAQ(Mem{Base: image, Index: at, Scale: 4}, at)
		} else {
			before := all[len(all)-1]
			LEAQ(Mem{Base: before, Index: depth, Scale: 2}, at)
			ADDQ(depth, at)
		}
		all = append(all, at)
	}
	return all
}

// position addresses a number of a position's.
func position(at []reg.Register, depth reg.Register, p int) Mem {
	if scale := p % together; scale > 0 {
		return Mem{Base: at[p/together], Index: depth, Scale: uint8(scale)}
	}
	return Mem{Base: at[p/together]}
}
