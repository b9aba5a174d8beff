// Package sparse multiplies a matrix that is mostly zero, such as a batch of
// images with dark pixels, with a dense one. What is not zero is listed anew in
// each run. It needs AVX-512.
//
// Neighbouring columns of A as it is stored, such as pixels, are mostly zero in the
// same rows. So they are taken in groups, and a group's list has the rows in which
// any is not zero: what is read in cache then serves several products. A zero in
// such a row is multiplied, and shows where B is not finite.
package sparse

import "ergon/internal/simd"

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg sparse"

const (
	size    = 4              // bytes of a number
	lanes   = 16             // numbers in a vector
	chunk   = 64             // rows of A as it is stored that are multiplied together
	widest  = 8              // vectors of a panel; chunk rows of so many fill two thirds of a first-level cache
	columns = widest * lanes // numbers of one
	spreads = 3              // columns of a group where C = A·B
	gathers = 2              // and where C = Aᵀ·B
	longest = 100            // groups that are listed together, at most
)

// Supported says whether this processor can run a Product.
func Supported() bool { return simd.Active() == simd.AVX512 }
