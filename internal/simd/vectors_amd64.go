package simd

import "golang.org/x/sys/cpu"

var (
	has512 = has256 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL
	has256 = cpu.X86.HasAVX2 && cpu.X86.HasFMA && cpu.X86.HasBMI1 && cpu.X86.HasBMI2 && cpu.X86.HasPOPCNT
)

// The functions below do as much as fills whole vectors, and say how much.

func scaleVectors(dst, a []float32, x float32) int {
	n := whole(len(dst), 16, 8)
	if n == 0 {
		return 0
	}
	if level == AVX512 {
		scale512(&dst[0], &a[0], x, n)
	} else {
		scale256(&dst[0], &a[0], x, n)
	}
	return n
}

func addScaledVectors(dst, a []float32, x float32) int {
	n := whole(len(dst), 16, 8)
	if n == 0 {
		return 0
	}
	if level == AVX512 {
		addScaled512(&dst[0], &a[0], x, n)
	} else {
		addScaled256(&dst[0], &a[0], x, n)
	}
	return n
}

func axpyVectors(acc []float64, w []float32, x float64) int {
	n := whole(len(w), 1, 4)
	if n == 0 {
		return 0
	}
	if level == AVX512 {
		axpy512(&acc[0], &w[0], x, n)
	} else {
		axpy256(&acc[0], &w[0], x, n)
	}
	return n
}

func applyVectors(w, delta, force []float32, scale, bound float32, sums *Sums) (n, m0, stored int) {
	n = whole(len(delta), 16, 8)
	if n == 0 {
		return 0, 0, 0
	}
	if level == AVX512 {
		m0, stored = apply512(&w[0], &delta[0], &force[0], scale, bound, n, &sums.M1, &sums.Work)
	} else {
		m0, stored = apply256(&w[0], &delta[0], &force[0], scale, bound, n, &sums.M1, &sums.Work)
	}
	return n, m0, stored
}

func applyOuterVectors(w, dz []float32, x, minus, scale, bound float32, sums *Sums) (n, m0, stored int) {
	if n = len(dz); level != AVX512 {
		n = whole(n, 16, 8)
	}
	if n == 0 {
		return 0, 0, 0
	}
	switch {
	case level == AVX512 && scale == 1:
		m0, stored = applyOuter512(&w[0], &dz[0], x, minus, bound, n, &sums.M1, &sums.Work)
	case level == AVX512:
		m0, stored = applyScaledOuter512(&w[0], &dz[0], x, minus, scale, bound, n, &sums.M1, &sums.Work)
	case scale == 1:
		m0, stored = applyOuter256(&w[0], &dz[0], x, minus, bound, n, &sums.M1, &sums.Work)
	default:
		m0, stored = applyScaledOuter256(&w[0], &dz[0], x, minus, scale, bound, n, &sums.M1, &sums.Work)
	}
	return n, m0, stored
}

func applyMaskedVectors(w, g []float32, bits []uint64, minus, bound float32, sums *Sums) (n, m0, stored int) {
	n = whole(len(g), 16, 8)
	if n == 0 {
		return 0, 0, 0
	}
	if level == AVX512 {
		m0, stored = applyMasked512(&w[0], &g[0], &bits[0], minus, bound, n, &sums.M1, &sums.Work)
	} else {
		m0, stored = applyMasked256(&w[0], &g[0], &bits[0], minus, bound, n, &sums.M1, &sums.Work)
	}
	return n, m0, stored
}

func reachingVectors(values []float32, flip, threshold uint32, first int, places []int32) (n, count int) {
	if n = len(values) &^ 15; level != AVX512 || n == 0 {
		return 0, 0
	}
	return n, reaching512(&values[0], n, flip, threshold, uint32(first), &places[0])
}

// whole returns how many of n elements fill vectors of the active level, whose
// widths are given.
func whole(n, wide512, wide256 int) int {
	switch level {
	case AVX512:
		return n &^ (wide512 - 1)
	case AVX2:
		return n &^ (wide256 - 1)
	}
	return 0
}

func philoxVectors(bits []uint64, key [2]uint32, step uint64, block, threshold uint32) bool {
	switch {
	case level == Portable || len(bits) == 0:
		return false
	case level == AVX512:
		philox512(&bits[0], len(bits), key[0], key[1], block, uint32(step), uint32(step>>32), threshold)
	default:
		philox256(&bits[0], len(bits), key[0], key[1], block, uint32(step), uint32(step>>32), threshold)
	}
	return true
}

// farAhead is how many cache lines ahead of the one in work weights are asked for:
// rows of a block are too short for the processor to guess where the next begins.
const farAhead = 64

// applyBlockVectors is ApplyBlock, and reports whether the level has vectors.
func applyBlockVectors(b Block, minus, bound float32, sums *BlockSums) (m0, stored int, done bool) {
	if level == Portable {
		return 0, 0, false
	}
	ahead := min(max(1, 16*farAhead/b.Columns), b.Rows)
	m0, stored = applyRows(b, 0, b.Rows-ahead, ahead, minus, bound, sums)
	// Behind the last rows there is nothing to ask for.
	changed, moved := applyRows(b, b.Rows-ahead, ahead, 0, minus, bound, sums)
	return m0 + changed, stored + moved, true
}

// applyRows is applyBlockVectors of some rows, with weights asked for so many ahead.
func applyRows(b Block, first, rows, ahead int, minus, bound float32, sums *BlockSums) (m0, stored int) {
	w, dw, wStride, dwStride := &b.W[first*b.WStride], &b.G[first*b.GStride], 4*b.WStride, 4*b.GStride
	var writes *uint8
	if b.Writes != nil {
		writes = &b.Writes[first*b.WStride]
	}
	if level == AVX512 {
		return applyBlock512(w, wStride, dw, dwStride, rows, b.Columns, ahead*wStride, ahead*dwStride, minus, bound, &sums.M1, &sums.Work, writes)
	}
	return applyBlock256(w, wStride, dw, dwStride, rows, b.Columns, ahead*wStride, ahead*dwStride, minus, bound, &sums.M1, &sums.Work, writes)
}

// squaredDistancesVectors is SquaredDistances, and reports whether the level has vectors.
func squaredDistancesVectors(sums *[PanelWidth * PanelWidth]float64, a, b []float64) bool {
	switch level {
	case AVX512:
		squaredDistances512(&sums[0], &a[0], &b[0], len(a))
	case AVX2:
		squaredDistances256(&sums[0], &a[0], &b[0], len(a))
	default:
		return false
	}
	return true
}

func belowVectors(values []float32, least uint32) int {
	n := len(values) &^ (BelowBlock - 1)
	if n == 0 || level == Portable {
		return 0
	}
	return below256(&values[0], n, least)
}
