// Package sparse multiplies a matrix that is mostly zero, such as a batch of
// images with dark pixels, with a dense one. What is not zero is listed anew in
// each run. It needs AVX2 or AVX-512.
//
// Neighbouring columns of A as it is stored, such as pixels, are mostly zero in the
// same rows. So they are taken in groups, and a group's list has the rows in which
// any is not zero: what is read in cache then serves several products. A zero in
// such a row is multiplied, and shows where B is not finite. Where zeros are strewn, as in what
// silent units send, groups leave out few of them, and with AVX2 there is a way without:
// a sample of A says which is faster.
//
// The terms of an element are added in the order of the rows of B, so all ways and levels
// compute the same bits where B is finite, but for the sign of a zero.
package sparse

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg sparse"

const (
	size  = 4  // bytes of a number
	chunk = 64 // rows of a listed matrix, and so of C or B, that are multiplied together
	step  = 16 // columns that panels are multiples of, so that blocks of C fill vectors of any level
)

// Supported says whether this processor can run a Product.
func Supported() bool { return active.plain != nil }
