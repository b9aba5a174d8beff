//go:build !amd64

package simd

const has512, has256 = false, false

func scaleVectors(_, _ []float32, _ float32) int { return 0 }

func addScaledVectors(_, _ []float32, _ float32) int { return 0 }

func axpyVectors(_ []float64, _ []float32, _ float64) int { return 0 }

func applyVectors(_, _ []float32, _, _ float32, _ *[Lanes]float64) (n, m0, stored int) {
	return 0, 0, 0
}

func philoxVectors(_ []uint64, _ [2]uint32, _ uint64, _, _ uint32) bool { return false }
