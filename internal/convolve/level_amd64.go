package convolve

import (
	"golang.org/x/sys/cpu"

	"ergon/internal/simd"
)

// choose returns the kernels for a level; nil: none.
func choose(level simd.Level) *kernels {
	switch level {
	case simd.AVX512:
		if cpu.X86.HasAVX512VL { // for halves of vectors
			return avx512
		}
		return avx2
	case simd.AVX2:
		return avx2
	}
	return nil
}

var avx512 = &kernels{
	lanes: 16, spread: spread512, largest: largest512, give: give512,
	forward:  []forwardKernel{forward1x512, forward2x512, forward3x512, forward4x512, forward5x512, forward6x512, forward7x512, forward8x512, forward9x512, forward10x512, forward11x512, forward12x512},
	gradient: []gradientKernel{gradient1x512, gradient2x512, gradient3x512, gradient4x512, gradient5x512, gradient6x512, gradient7x512, gradient8x512, gradient9x512, gradient10x512, gradient11x512, gradient12x512, gradient13x512, gradient14x512, gradient15x512, gradient16x512, gradient17x512, gradient18x512, gradient19x512, gradient20x512, gradient21x512, gradient22x512, gradient23x512, gradient24x512},
	half: &kernels{
		lanes: 8, largest: largest512half, give: give512half,
		forward:  []forwardKernel{forward1x512half, forward2x512half, forward3x512half, forward4x512half, forward5x512half, forward6x512half, forward7x512half, forward8x512half, forward9x512half, forward10x512half, forward11x512half, forward12x512half},
		gradient: []gradientKernel{gradient1x512half, gradient2x512half, gradient3x512half, gradient4x512half, gradient5x512half, gradient6x512half, gradient7x512half, gradient8x512half, gradient9x512half, gradient10x512half, gradient11x512half, gradient12x512half, gradient13x512half, gradient14x512half, gradient15x512half, gradient16x512half, gradient17x512half, gradient18x512half, gradient19x512half, gradient20x512half, gradient21x512half, gradient22x512half, gradient23x512half, gradient24x512half},
	},
}

var avx2 = &kernels{
	lanes: 8, spread: spread256, largest: largest256, give: give256,
	forward:  []forwardKernel{forward1x256, forward2x256, forward3x256, forward4x256, forward5x256, forward6x256, forward7x256, forward8x256, forward9x256, forward10x256, forward11x256, forward12x256},
	gradient: []gradientKernel{gradient1x256, gradient2x256, gradient3x256, gradient4x256, gradient5x256, gradient6x256, gradient7x256, gradient8x256, gradient9x256, gradient10x256, gradient11x256, gradient12x256},
}
