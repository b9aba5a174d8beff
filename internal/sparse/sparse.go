// Package sparse multiplies a matrix that is mostly zero, such as a batch of
// images with dark pixels, with a dense one. What is not zero is listed anew in
// each run. It needs AVX-512.
//
// Neighbouring columns, such as pixels, are mostly zero in the same rows. So
// columns are taken in pairs, and a pair's list has the rows in which either is
// not zero: what is read of the panel in cache then serves two products.
package sparse

import "ergon/internal/simd"

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg sparse"

const (
	lanes   = 16 // numbers in a vector
	chunk   = 64 // rows of A as it is stored that are multiplied together
	widest  = 8  // vectors of a panel; chunk rows of so many fill two thirds of a first-level cache
	columns = widest * lanes
)

// Supported says whether this processor can run a Product.
func Supported() bool { return simd.Active() == simd.AVX512 }
