// Command gen writes the assembly of package sparse. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not depend
// on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

// Package sparse's.
const (
	size  = 4  // bytes of a number
	chunk = 64 // rows that are marked together
)

func main() {
	ConstraintExpr("amd64")
	markRow()
	markColumns()
	stretches(avx512)
	stretches(avx2)
	upTo(8, func(vectors int) { spread(avx512, 3, vectors) })
	upTo(8, func(vectors int) { spread(avx512, 1, vectors) })
	upTo(6, func(vectors int) { spread(avx2, 2, vectors) })
	upTo(6, func(vectors int) { spread(avx2, 1, vectors) })
	upTo(8, func(vectors int) { gather(avx512, vectors) })
	upTo(14, func(vectors int) { gather(avx2, vectors) })
	Generate()
}

// upTo emits kernels for panels of all widths.
func upTo(widest int, emit func(vectors int)) {
	for vectors := 1; vectors <= widest; vectors++ {
		emit(vectors)
	}
}
