// Command gen writes the assembly of package convolve. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not depend
// on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("amd64")
	for _, l := range []level{wide, narrow, avx2} {
		for positions := 1; positions <= tallest; positions++ {
			forward{level: l, positions: positions}.write()
		}
		for inputs := 1; inputs <= l.inputs; inputs++ {
			gradient{level: l, inputs: inputs}.write()
		}
	}
	for _, l := range []level{wide, narrow, avx2} {
		largest{l}.write()
		give{l}.write()
	}
	for _, l := range []level{wide, avx2} {
		spread{level: l}.write()
	}
	Generate()
}
