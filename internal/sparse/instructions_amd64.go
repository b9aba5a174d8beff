package sparse

import "ergon/internal/simd"

var avx512 = &instructions{
	lanes: 16, widest: 8, copy: copy512,
	spread:     []spreadKernel{spread1x512, spread2x512, spread3x512, spread4x512, spread5x512, spread6x512, spread7x512, spread8x512},
	gather:     []gatherKernel{gather1x512, gather2x512, gather3x512, gather4x512, gather5x512, gather6x512, gather7x512, gather8x512},
	plain:      way{spreads: true, group: 3, longest: 100, list: list3x512, speed: 0.75},
	transposed: way{group: 2, longest: 100, list: list2x512, speed: 0.85},
}

// Sixteen registers have room for the sums of one row of C, not for rows of B as well.
var avx2 = &instructions{
	lanes: 8, widest: 14, copy: copy256,
	gather: []gatherKernel{
		gather1x256, gather2x256, gather3x256, gather4x256, gather5x256, gather6x256,
		gather7x256, gather8x256, gather9x256, gather10x256, gather11x256, gather12x256, gather13x256, gather14x256,
	},
	plain:      way{group: 1, longest: 200, list: list1x256, speed: 0.75, copying: 8},
	transposed: way{group: 1, longest: 200, list: list1x256, speed: 0.78, copying: 8},
}

// choose returns the kernels of a level, nil if there are none.
func choose(level simd.Level) *instructions {
	return map[simd.Level]*instructions{simd.AVX512: avx512, simd.AVX2: avx2}[level]
}
