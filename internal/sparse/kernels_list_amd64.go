package sparse

// The kernels for panels of 1 to 8 vectors.
var (
	spread = [widest]spreadKernel{spread1x512, spread2x512, spread3x512, spread4x512, spread5x512, spread6x512, spread7x512, spread8x512}
	gather = [widest]gatherKernel{gather1x512, gather2x512, gather3x512, gather4x512, gather5x512, gather6x512, gather7x512, gather8x512}
)
