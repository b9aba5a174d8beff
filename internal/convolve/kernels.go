package convolve

import "ergon/internal/simd"

// active are the kernels in use; nil: none.
var active = choose(simd.Active())

// tallest is how many positions a forward kernel takes at most.
const tallest = 12

// kernels are those of an instruction set and a width of vectors.
type kernels struct {
	lanes    int
	forward  []forwardKernel  // for 1, 2, … tallest positions
	gradient []gradientKernel // for 1, 2, … inputs
	spread   spreadKernel
	largest  largestKernel
	give     giveKernel
	half     *kernels // for the last channels, if they fill no more than half a vector; has no spread
}

// split calls do for each vector of so many channels, the first of which is given, with
// the mask of how many it holds.
func split(channels int, do func(k *kernels, first int, mask uint32)) {
	for c := 0; c < channels; {
		k := active
		if half := k.half; half != nil && channels-c <= half.lanes {
			k = half
		}
		n := min(k.lanes, channels-c)
		do(k, c, lanes(n))
		c += n
	}
}

// lanes is a mask of the first n lanes.
func lanes(n int) uint32 { return 1<<n - 1 }

type (
	forwardKernel  = func(z, image, weights, bias *float32, starts *int, segments, inner, depth, line, rows, pitch, zline int, mask uint32)
	gradientKernel = func(dw, image, dz *float32, depth, columns, rows, line, pitch int, mask uint32)
	largestKernel  = func(out, units *float32, squares, rows, side, pitch, line int, mask uint32)
	giveKernel     = func(errors, d, units, largest *float32, squares, rows, side, pitch, line int, mask uint32)
	spreadKernel   = func(dx, dz, turned *float32, starts *int, segments, inner, size, depth, columns, rows, line, pitch int, mask, rest uint32)
)
