//go:build !amd64

package simd

const has512, has256 = false, false

func scaleVectors(_, _ []float32, _ float32) int { return 0 }

func addScaledVectors(_, _ []float32, _ float32) int { return 0 }

func axpyVectors(_ []float64, _ []float32, _ float64) int { return 0 }

func applyVectors(_, _, _ []float32, _, _ float32, _ *Sums) (n, m0, stored int) {
	return 0, 0, 0
}

func applyOuterVectors(_, _ []float32, _, _, _, _ float32, _ *Sums) (n, m0, stored int) {
	return 0, 0, 0
}

func applyMaskedVectors(_, _ []float32, _ []uint64, _, _ float32, _ *Sums) (n, m0, stored int) {
	return 0, 0, 0
}

func reachingVectors(_ []float32, _, _ uint32, _ int, _ []int32) (n, count int) { return 0, 0 }

func philoxVectors(_ []uint64, _ [2]uint32, _ uint64, _, _ uint32) bool { return false }

func applyBlockVectors(Block, float32, float32, *BlockSums) (m0, stored int, done bool) {
	return 0, 0, false
}

func squaredDistancesVectors(_ *[PanelWidth * PanelWidth]float64, _, _ []float64) bool { return false }

func belowVectors([]float32, uint32) int { return 0 }
