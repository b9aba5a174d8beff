//go:build !amd64

package simd

func nonzeroVectors([]float32) (n, count int) { return 0, 0 }

func nonzeroShort([]int32, []float32, int) bool { return false }

func activityVectors([]float32, *[16]float64) (n, count int) { return 0, 0 }

func sumRowsVectors(_, _ []float32, _, _ int) int { return 0 }

func affineVectors([]float32, []byte, float64, float64) int { return 0 }

func noisyVectors([]float32, []byte, []float64, float64, float64, float64) int { return 0 }

func expVectors([]float64) int { return 0 }

func sigmoidVectors(_, _ []float32) int { return 0 }

func softplusVectors(_ []float32, _, _ *[Lanes]float64) int { return 0 }

func bernoulliVectors(_, _ []float32, _ [2]uint32, _ uint64, _ uint32) int { return 0 }

func wordsVectors(_ []uint32, _ [2]uint32, _ uint64, _ uint32) int { return 0 }

func boxMullerVectors([]float64, []uint32) int { return 0 }

func quantilesVectors([]float32, []uint32, *quantileTable) int { return 0 }

func sigmasVectors(_, _ []float32, _ *Reliability) int { return 0 }

func errorsVectors(_, _, _, _ []float32, _ *Reliability) int { return 0 }

func addProductsVectors(_, _, _ []float32) int { return 0 }

func addSignsVectors(_, _, _ []float32, _ float32) int { return 0 }

func rectifyVectors([]float32, float32) int { return 0 }

func rectifyErrorVectors(_, _, _ []float32, _ float32) int { return 0 }

func dotsVectors(_, _, _ []float32) bool { return false }

func prefetchBytes([]byte) {}
