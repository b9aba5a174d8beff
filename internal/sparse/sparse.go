// Package sparse multiplies a matrix that is mostly zero, such as a batch of
// images with dark pixels, with a dense one. What is not zero is marked anew in
// each run, a bit each. It needs AVX2 or AVX-512.
//
// Neighbouring columns of A, such as pixels, are mostly zero in the same rows. Where rows of C are in cache
// and rows of B are added to them, columns are therefore taken in groups: a row of C is then read and
// written once for several products. A zero in a row where another column of the group is not zero is
// multiplied, and shows where B is not finite. Where zeros are strewn, as in what
// silent units send, groups leave out few of them, and with AVX2 there is a way without:
// a sample of A says which is faster.
//
// The terms of an element are added in the order of the rows of B, so all ways and levels
// compute the same bits where B is finite, but for the sign of a zero.
package sparse

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg sparse"

const (
	size  = 4  // bytes of a number
	chunk = 64 // rows of B, or of C, that are in cache together: as many as a word has bits
	step  = 16 // columns that panels are multiples of, so that blocks of C fill vectors of any level
)

// Supported says whether this processor can run a Product.
func Supported() bool { return active.plain != nil }
