package simd

// As the functions of vectors_amd64.go, those below do as much as fills whole
// vectors, with AVX-512 all, and say how much.

func nonzeroVectors(x []float32) (n, count int) {
	switch n = whole(len(x), 1, 8); {
	case n == 0:
		return 0, 0
	case level == AVX512:
		return n, nonzero512(&x[0], n)
	}
	return n, nonzero256(&x[0], n)
}

// nonzeroShort counts in rows that fit into a vector, and reports whether they do.
func nonzeroShort(counts []int32, x []float32, width int) bool {
	switch {
	case len(counts) == 0:
		return true
	case level == AVX512 && width <= 16:
		nonzeroShort512(&counts[0], &x[0], width, len(counts))
	case level == AVX2 && width <= 8:
		nonzeroShort256(&counts[0], &x[0], width, len(counts))
	default:
		return false
	}
	return true
}

func activityVectors(y []float32, lanes *[16]float64) (n, count int) {
	switch n = whole(len(y), 1, 16); {
	case n == 0:
		return 0, 0
	case level == AVX512:
		return n, activity512(&y[0], n, lanes)
	}
	return n, activity256(&y[0], n, lanes)
}

func sumRowsVectors(dst, a []float32, rows, stride int) int {
	n := whole(len(dst), 1, 8)
	switch {
	case n == 0:
	case level == AVX512:
		sumRows512(&dst[0], &a[0], rows, stride, n)
	default:
		sumRows256(&dst[0], &a[0], rows, stride, n)
	}
	return n
}

func affineVectors(dst []float32, src []byte, scale, offset float64) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		affine512(&dst[0], &src[0], scale, offset, n)
	default:
		affine256(&dst[0], &src[0], scale, offset, n)
	}
	return n
}

func noisyVectors(dst []float32, src []byte, z []float64, scale, offset, deviation float64) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		noisy512(&dst[0], &src[0], &z[0], scale, offset, deviation, n)
	default:
		noisy256(&dst[0], &src[0], &z[0], scale, offset, deviation, n)
	}
	return n
}

func expVectors(x []float64) int {
	n := whole(len(x), 1, 4)
	switch {
	case n == 0:
	case level == AVX512:
		exp512(&x[0], n)
	default:
		exp256(&x[0], n)
	}
	return n
}

func sigmoidVectors(dst, z []float32) int {
	n := whole(len(z), 64, 32)
	switch {
	case n == 0:
	case level == AVX512:
		sigmoid512(&dst[0], &z[0], n)
	default:
		sigmoid256(&dst[0], &z[0], n)
	}
	return n
}

func softplusVectors(z []float32, sums, products *[Lanes]float64) int {
	n := whole(len(z), 64, 32)
	switch {
	case n == 0:
	case level == AVX512:
		softplus512(&z[0], n, sums, products)
	default:
		softplus256(&z[0], n, sums, products)
	}
	return n
}

func bernoulliVectors(x, fields []float32, key [2]uint32, step uint64, block uint32) int {
	n := whole(len(fields), 64, 32)
	switch {
	case n == 0:
	case level == AVX512:
		bernoulli512(&x[0], &fields[0], n, key[0], key[1], block, uint32(step), uint32(step>>32))
	default:
		bernoulli256(&x[0], &fields[0], n, key[0], key[1], block, uint32(step), uint32(step>>32))
	}
	return n
}

func wordsVectors(dst []uint32, key [2]uint32, step uint64, block uint32) int {
	n := whole(len(dst), 64, 32)
	switch {
	case n == 0:
	case level == AVX512:
		philoxWords512(&dst[0], n, key[0], key[1], block, uint32(step), uint32(step>>32))
	default:
		philoxWords256(&dst[0], n, key[0], key[1], block, uint32(step), uint32(step>>32))
	}
	return n
}

func boxMullerVectors(dst []float64, words []uint32) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		boxMuller512(&dst[0], &words[0], n)
	default:
		boxMuller256(&dst[0], &words[0], n)
	}
	return n
}

func quantilesVectors(dst []float32, words []uint32, table *quantileTable) int {
	n := whole(len(dst), 8, 4)
	switch {
	case n == 0:
	case level == AVX512:
		quantiles512(&dst[0], &words[0], n, &table[0][0])
	default:
		quantiles256(&dst[0], &words[0], n, &table[0][0])
	}
	return n
}

// sigmasVectors stops before a vector with a φ beyond the table.
func sigmasVectors(sigma, phi []float32, r *Reliability) int {
	n := whole(len(phi), 8, 4)
	switch {
	case n == 0:
	case level == AVX512:
		n -= sigmas512(&sigma[0], &phi[0], n, &r.Sigma[0][0])
	default:
		n -= sigmas256(&sigma[0], &phi[0], n, &r.Sigma[0][0])
	}
	return n
}

// errorsVectors stops before a vector with a φ beyond the table.
func errorsVectors(errors, phi, g, xi []float32, r *Reliability) int {
	n := whole(len(phi), 8, 4)
	switch {
	case n == 0:
	case level == AVX512:
		n -= errors512(&errors[0], &phi[0], &g[0], &xi[0], n, &r.Slopes[0].Sigma[0])
	default:
		n -= errors256(&errors[0], &phi[0], &g[0], &xi[0], n, &r.Slopes[0].Sigma[0])
	}
	return n
}

func addProductsVectors(dst, a, b []float32) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		addProducts512(&dst[0], &a[0], &b[0], n)
	default:
		addProducts256(&dst[0], &a[0], &b[0], n)
	}
	return n
}

func addSignsVectors(dst, g, w []float32, lambda float32) int {
	n := whole(len(dst), 16, 8)
	switch {
	case n == 0:
	case level == AVX512:
		addSigns512(&dst[0], &g[0], &w[0], lambda, n)
	default:
		addSigns256(&dst[0], &g[0], &w[0], lambda, n)
	}
	return n
}

func rectifyVectors(z []float32, slope float32) int {
	n := whole(len(z), 1, 8)
	switch {
	case n == 0:
	case level == AVX512:
		rectify512(&z[0], slope, n)
	default:
		rectify256(&z[0], slope, n)
	}
	return n
}

func rectifyErrorVectors(dz, dy, y []float32, slope float32) int {
	n := whole(len(dz), 1, 8)
	switch {
	case n == 0:
	case level == AVX512:
		rectifyError512(&dz[0], &dy[0], &y[0], slope, n)
	default:
		rectifyError256(&dz[0], &dy[0], &y[0], slope, n)
	}
	return n
}

// dotsVectors does all rows or none.
func dotsVectors(dst, w, x []float32) bool {
	switch {
	case level == Portable || len(dst) == 0:
		return false
	case level == AVX512 && len(x) <= 16:
		dotsShort512(&dst[0], &w[0], &x[0], len(dst), len(x))
	case level == AVX512:
		dots512(&dst[0], &w[0], &x[0], len(dst), len(x))
	default:
		dots256(&dst[0], &w[0], &x[0], len(dst), len(x))
	}
	return true
}

func prefetchBytes(x []byte) { prefetch(&x[0], len(x)) }
