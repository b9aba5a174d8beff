package sparse

import "ergon/internal/simd"

// Chunks of rows, as wide as a panel, fill a first-level cache of 32 KB, or two thirds of one of 48.
var avx512 = ways{
	plain: []way{{
		lanes: 16, group: 3, copy: copy512, speed: 0.75,
		spread: []spreadKernel{spread3of1x512, spread3of2x512, spread3of3x512, spread3of4x512, spread3of5x512, spread3of6x512},
		single: []spreadKernel{spread1of1x512, spread1of2x512, spread1of3x512, spread1of4x512, spread1of5x512, spread1of6x512},
	}},
	transposed: []way{{
		lanes: 16, group: 1, longest: 400, copy: copy512, speed: 0.85,
		gather: []gatherKernel{gather1x512, gather2x512, gather3x512, gather4x512, gather5x512, gather6x512, gather7x512, gather8x512},
	}},
}

// Sixteen registers have room for two rows of B, or for the sums of one row of C.
var avx2 = ways{
	plain:      []way{pairs256, singles256(0.75)},
	transposed: []way{singles256(0.78)},
}

var pairs256 = way{
	lanes: 8, group: 2, copy: copy256, speed: 0.8,
	spread: []spreadKernel{spread2of1x256, spread2of2x256, spread2of3x256, spread2of4x256, spread2of5x256, spread2of6x256},
	single: []spreadKernel{spread1of1x256, spread1of2x256, spread1of3x256, spread1of4x256, spread1of5x256, spread1of6x256},
}

// singles256 returns the way without groups. Chunks fill seven eighths of a first-level cache of 32 KB.
func singles256(speed float64) way {
	return way{
		lanes: 8, group: 1, longest: 200, copy: copy256, speed: speed, copying: 10,
		gather: []gatherKernel{
			gather1x256, gather2x256, gather3x256, gather4x256, gather5x256, gather6x256, gather7x256,
			gather8x256, gather9x256, gather10x256, gather11x256, gather12x256, gather13x256, gather14x256,
		},
	}
}

// choose returns the ways of a level, none for [simd.Portable].
func choose(level simd.Level) ways {
	return map[simd.Level]ways{simd.AVX512: avx512, simd.AVX2: avx2}[level]
}
