package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"ergon/internal/simd"
)

// gonumLibrary is the fallback that needs nothing installed: gonum's product
// where B is transposed, and otherwise sums of rows, for which the vector loops
// of this program are several times as fast.
type gonumLibrary struct{}

var _ Library = gonumLibrary{}

func (gonumLibrary) Name() string { return "gonum" }

// Gemm implements Library.
func (gonumLibrary) Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	check(transA, transB, m, n, k, a, lda, b, ldb, c, ldc)
	if transB {
		tiled(transA, m, n, k, a, lda, b, ldb, beta, c, ldc)
	} else {
		rows(transA, m, n, k, a, lda, b, ldb, beta, c, ldc)
	}
}

// rows computes C = op(A)·B + beta·C a row at a time, as Σ_l A_il B_l: a row of
// C stays in the first-level cache while those of B pass by. Zeros of A, the
// dark pixels and silent units, cost nothing.
func rows(transA bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	for i := range m {
		row := c[i*ldc : i*ldc+n]
		if beta == 0 {
			clear(row)
		}
		for l := range k {
			at := i*lda + l
			if transA {
				at = l*lda + i
			}
			if x := a[at]; x != 0 {
				simd.AddScaled(row, b[l*ldb:l*ldb+n], x)
			}
		}
	}
}

// tiled computes C = op(A)·Bᵀ + beta·C by gonum, in tiles. gonum starts
// goroutines, and allocates, for a product of four or more 64×64 blocks; up to
// three it stays on this one.
func tiled(transA bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	const tileRows, tileColumns = 64, 192
	flag := blas.NoTrans
	if transA {
		flag = blas.Trans
	}
	for i := 0; i < m; i += tileRows {
		for j := 0; j < n; j += tileColumns {
			gonum.Implementation{}.Sgemm(flag, blas.Trans, min(tileRows, m-i), min(tileColumns, n-j), k,
				1, a[offset(transA, i, lda):], lda, b[j*ldb:], ldb, beta, c[i*ldc+j:], ldc)
		}
	}
}

// offset is where part of a matrix starts that begins at index first of op's
// long side: a column of the stored matrix, or a row.
func offset(column bool, first, stride int) int {
	if column {
		return first
	}
	return first * stride
}
