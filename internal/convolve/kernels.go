package convolve

// tallest is how many positions a forward kernel takes at most.
const tallest = 12

// kernels are those of an instruction set and a width of vectors.
type kernels struct {
	lanes    int
	forward  []forwardKernel  // for 1, 2, … tallest positions
	gradient []gradientKernel // for 1, 2, … inputs
	spread   spreadKernel
	half     *kernels // for the last channels, if they fill no more than half a vector
}

type (
	forwardKernel  = func(z, image, weights, bias *float32, starts *int, segments, inner, depth, line, rows, pitch, zline int, mask uint32)
	gradientKernel = func(dw, image, dz *float32, depth, columns, rows, line, pitch int, mask uint32)
	spreadKernel   = func(dx, dz, turned *float32, starts *int, segments, inner, size, depth, columns, rows, line, pitch int, mask, rest uint32)
)
