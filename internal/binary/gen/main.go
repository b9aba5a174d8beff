// Command gen writes the assembly of package binary. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not depend
// on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

// Package binary's.
const (
	group = 4  // units that share a table
	width = 32 // numbers of a row of it
)

// rowBytes are those of a row, and tableBytes of a table.
const (
	rowShift   = 7
	rowBytes   = 4 * width
	tableBytes = rowBytes << group
)

func main() {
	ConstraintExpr("amd64")
	pack()
	for _, l := range []level{avx512, avx2} {
		tabulate(l)
		sum(l)
	}
	Generate()
}
