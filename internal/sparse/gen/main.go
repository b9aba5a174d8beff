// Command gen writes the assembly of package sparse. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not depend
// on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// These are package sparse's.
const (
	widest  = 8  // vectors of a panel
	chunk   = 64 // rows that are listed together
	spreads = 3  // columns of A in a group, where C = A·B
	gathers = 2  // and where C = Aᵀ·B
)

func main() {
	ConstraintExpr("amd64")
	list(spreads)
	list(gathers)
	stretches()
	for vectors := 1; vectors <= widest; vectors++ {
		spread(vectors)
	}
	for vectors := 1; vectors <= widest; vectors++ {
		gather(vectors)
	}
	Generate()
}

// zmms returns so many vector registers.
func zmms(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = ZMM()
	}
	return v
}

// mask returns the mask in a parameter.
func mask(name string) reg.OpmaskVirtual {
	k := K()
	KMOVW(Load(Param(name), GP32()), k)
	return k
}

// load reads the vectors at base, of which the last is cut off by a mask.
func load(base reg.Register, last reg.OpmaskVirtual, into []reg.VecVirtual) {
	for i, v := range into {
		if at := (Mem{Base: base, Disp: 64 * i}); i == len(into)-1 {
			VMOVUPS_Z(at, last, v)
		} else {
			VMOVUPS(at, v)
		}
	}
}

// store writes the vectors to base, of which the last is cut off by a mask.
func store(from []reg.VecVirtual, last reg.OpmaskVirtual, base reg.Register) {
	for i, v := range from {
		if at := (Mem{Base: base, Disp: 64 * i}); i == len(from)-1 {
			VMOVUPS(v, last, at)
		} else {
			VMOVUPS(v, at)
		}
	}
}

// prefetch asks for so many vectors at each place.
func prefetch(vectors int, places ...Mem) {
	for i := range vectors {
		for _, p := range places {
			p.Disp = 64 * i
			PREFETCHT0(p)
		}
	}
}

// clear sets vectors to zero.
func clear(v []reg.VecVirtual) {
	for _, v := range v {
		VPXORD(v, v, v)
	}
}
