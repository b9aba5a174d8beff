//go:build !amd64

package simd

func momentumVectors(_, _, _ []float32, _, _ float32) int { return 0 }

func adamVectors(_, _, _, _ []float32, _ *AdamRates) int { return 0 }

func scaledSumVectors(_, _ []float32, _, _ float32) int { return 0 }

func signsVectors(_, _ []float32, _, _ float32) int { return 0 }

func flipsVectors(_, _, _, _ []float32, _, _, _ float32) int { return 0 }

func squaresVectors([]float32, *[BlockLanes]float64) int { return 0 }

func squaresOuterVectors([]float32, float32, float32, *[BlockLanes]float64) int { return 0 }

func replaceUnsetVectors(_, _ []float32, _ []uint64) int { return 0 }
