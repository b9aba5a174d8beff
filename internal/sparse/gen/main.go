// Command gen writes the assembly of package sparse. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not depend
// on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

// These are package sparse's.
const (
	widest512 = 8  // vectors of a panel
	widest256 = 14 // and of AVX2
	chunk     = 64 // rows that are listed together
	spreads   = 3  // columns of A in a group, where C = A·B
	gathers   = 2  // and where C = Aᵀ·B; of AVX2 there are no groups
)

func main() {
	ConstraintExpr("amd64")
	list(avx512, spreads)
	list(avx512, gathers)
	list(avx2, 1)
	stretches(avx512)
	stretches(avx2)
	for vectors := 1; vectors <= widest512; vectors++ {
		spread(avx512, vectors)
	}
	for vectors := 1; vectors <= widest512; vectors++ {
		gather(avx512, gathers, vectors)
	}
	for vectors := 1; vectors <= widest256; vectors++ {
		gather(avx2, 1, vectors)
	}
	Generate()
}
