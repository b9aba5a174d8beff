package gemm

// instructionSets are those of the processor and of what it is limited to, the best first.
var avx512 = &instructions{
	lanes: 16,
	panels: []kernel{
		strip1x2y512, strip2x2y512, strip3x2y512, strip4x2y512, strip5x2y512, strip6x2y512,
		strip7x2y512, strip8x2y512, strip9x2y512, strip10x2y512, strip11x2y512, strip12x2y512,
		strip13x2y512, strip14x2y512,
	},
	packing: []kernel{
		strip1x2y512packing, strip2x2y512packing, strip3x2y512packing, strip4x2y512packing, strip5x2y512packing, strip6x2y512packing,
		strip7x2y512packing, strip8x2y512packing, strip9x2y512packing, strip10x2y512packing, strip11x2y512packing, strip12x2y512packing,
		strip13x2y512packing, strip14x2y512packing,
	},
	masked1: []kernel{
		strip1x1y512masked, strip2x1y512masked, strip3x1y512masked, strip4x1y512masked, strip5x1y512masked, strip6x1y512masked,
		strip7x1y512masked, strip8x1y512masked, strip9x1y512masked, strip10x1y512masked, strip11x1y512masked, strip12x1y512masked,
		strip13x1y512masked, strip14x1y512masked,
	},
	masked2: []kernel{
		strip1x2y512masked, strip2x2y512masked, strip3x2y512masked, strip4x2y512masked, strip5x2y512masked, strip6x2y512masked,
		strip7x2y512masked, strip8x2y512masked, strip9x2y512masked, strip10x2y512masked, strip11x2y512masked, strip12x2y512masked,
		strip13x2y512masked, strip14x2y512masked,
	},
	direct: []direct{
		{strip1x8y512direct, 8}, {strip2x8y512direct, 8}, {strip3x8y512direct, 8}, {strip4x4y512direct, 4}, {strip5x4y512direct, 4}, {strip6x4y512direct, 4},
	},
	dots: []kernel{
		dots1x4y512, dots2x4y512, dots3x4y512, dots4x4y512,
	},
	dot: []kernel{
		dots1x1y512, dots2x1y512, dots3x1y512, dots4x1y512,
	},
	mask: func(lanes int) [8]uint32 { return [8]uint32{1<<lanes - 1} },
	columns: func(dst []float32, dstRow int, src []float32, srcRow, rows int, mask *[8]uint32) {
		columns512(&dst[0], size*dstRow, &src[0], size*srcRow, rows, mask)
	},
	transpose: transposeBlocks,
}

var avx2 = &instructions{
	lanes: 8,
	panels: []kernel{
		strip1x2y256, strip2x2y256, strip3x2y256, strip4x2y256, strip5x2y256, strip6x2y256,
	},
	packing: []kernel{
		strip1x2y256packing, strip2x2y256packing, strip3x2y256packing, strip4x2y256packing, strip5x2y256packing, strip6x2y256packing,
	},
	masked1: []kernel{
		strip1x1y256masked, strip2x1y256masked, strip3x1y256masked, strip4x1y256masked, strip5x1y256masked, strip6x1y256masked,
	},
	masked2: []kernel{
		strip1x2y256masked, strip2x2y256masked, strip3x2y256masked, strip4x2y256masked, strip5x2y256masked, strip6x2y256masked,
	},
	direct: []direct{
		{strip1x8y256direct, 8}, {strip2x4y256direct, 4}, {strip3x4y256direct, 4},
	},
	dots: []kernel{
		dots1x4y256, dots2x4y256, dots3x4y256,
	},
	dot: []kernel{
		dots1x1y256, dots2x1y256, dots3x1y256,
	},
	mask: func(lanes int) (mask [8]uint32) {
		for i := range lanes {
			mask[i] = 1 << 31
		}
		return mask
	},
	columns: func(dst []float32, dstRow int, src []float32, srcRow, rows int, mask *[8]uint32) {
		columns256(&dst[0], size*dstRow, &src[0], size*srcRow, rows, mask)
	},
	transpose: transposeBlocks,
}

// transposeBlocks is transposeElements in blocks of 8 rows and columns. The
// last block of a row or column overlaps the one before it.
func transposeBlocks(dst []float32, dstRow int, src []float32, srcRow, rows, columns int) {
	if rows < 8 || columns < 8 {
		transposeElements(dst, dstRow, src, srcRow, rows, columns)
		return
	}
	for r := 0; r < rows; r += 8 {
		r := min(r, rows-8)
		transpose256(&dst[r], size*dstRow, &src[r*srcRow], size*srcRow, columns/8)
		if columns%8 != 0 {
			c := columns - 8
			transpose256(&dst[c*dstRow+r], size*dstRow, &src[r*srcRow+c], size*srcRow, 1)
		}
	}
}
