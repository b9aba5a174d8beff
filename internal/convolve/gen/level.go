package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tallest is how many positions the highest forward kernel takes; package
// convolve's.
const tallest = 12

// level is an instruction set with a width of its vectors.
type level struct {
	name   string
	lanes  int
	masks  bool // has mask registers, and products with one number of memory
	inputs int  // of the largest gradient kernel
}

var (
	wide   = level{name: "512", lanes: 16, masks: true, inputs: 24}
	narrow = level{name: "512half", lanes: 8, masks: true, inputs: 24}
	avx2   = level{name: "256", lanes: 8, inputs: 12}
)

func (l level) bytes() int { return 4 * l.lanes }

func (l level) vector() reg.VecVirtual {
	if l.lanes == 16 {
		return ZMM()
	}
	return YMM()
}

func (l level) vectors(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = l.vector()
	}
	return v
}

func (l level) clear(v reg.VecVirtual) {
	if l.masks {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}

// tail is what cuts off the last lanes: a mask register, or a vector.
type tail struct{ register reg.Register }

// loadTail reads the mask in a parameter.
func (l level) loadTail(parameter string) tail {
	bits := Load(Param(parameter), GP32())
	if l.masks {
		k := K()
		KMOVW(bits, k)
		return tail{k}
	}
	v, x := YMM(), XMM()
	VMOVD(bits, x)
	VPBROADCASTD(x, v)
	VPAND(powers(), v, v)
	VPCMPEQD(powers(), v, v)
	return tail{v}
}

var powersOfTwo Mem

// powers are the bits of the lanes, 1 to 128.
func powers() Mem {
	if powersOfTwo.Symbol.Name == "" {
		powersOfTwo = GLOBL("powers", RODATA|NOPTR)
		for i := range 8 {
			DATA(4*i, U32(1<<i))
		}
	}
	return powersOfTwo
}

// load reads the lanes of the tail, and clears the others.
func (l level) load(from Mem, t tail, to reg.VecVirtual) {
	if l.masks {
		VMOVUPS_Z(from, t.register, to)
	} else {
		VMASKMOVPS(from, t.register, to)
	}
}

// store writes the lanes of the tail.
func (l level) store(from reg.VecVirtual, t tail, to Mem) {
	if l.masks {
		VMOVUPS(from, t.register, to)
	} else {
		VMASKMOVPS(from, t.register, to)
	}
}

// addProducts adds x, one number of memory, times v to sum.
func (l level) addProducts(x Mem, v, sum reg.VecVirtual) {
	if l.masks {
		VFMADD231PS_BCST(x, v, sum)
		return
	}
	all := l.vector()
	VBROADCASTSS(x, all)
	VFMADD231PS(all, v, sum)
}

// memory is where a parameter lies, for what is used too seldom to be kept in a register.
func memory(name string) Mem {
	at, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return at.Addr
}
