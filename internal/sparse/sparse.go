// Package sparse multiplies a matrix that is mostly zero, such as a batch of
// images with dark pixels, with a dense one. What is not zero is listed anew in
// each run. It needs AVX-512.
package sparse

import "ergon/internal/simd"

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg sparse"

const (
	lanes   = 16            // numbers in a vector
	block   = 64            // columns of A, hence rows of B, that are multiplied together
	slot    = block + lanes // room for the entries of a row in a block, which are stored by whole vectors
	widest  = 8             // vectors of a panel of B
	columns = widest * 16   // numbers of one; block rows of so many fill two thirds of a first-level cache
)

// Supported says whether this processor can run a Product.
func Supported() bool { return simd.Active() == simd.AVX512 }
