// Command gen writes the assembly of package gemm. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not
// depend on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64")
	for _, l := range []level{avx512, avx2} {
		for vectors, rows := range l.full {
			direct := vectors > 2
			for r := 1; r <= rows; r++ {
				kernel{level: l, rows: r, vectors: vectors, direct: direct}.write()
			}
		}
		for r := 1; r <= l.rows; r++ {
			kernel{level: l, rows: r, vectors: 2, packing: true}.write()
			kernel{level: l, rows: r, vectors: 2, masked: true}.write()
			kernel{level: l, rows: r, vectors: 1, masked: true}.write()
		}
		for r := 1; r <= l.dots; r++ {
			dots{level: l, rows: r, columns: 4}.write()
			dots{level: l, rows: r, columns: 1}.write()
		}
		columns(l)
	}
	transpose()
	Generate()
}
