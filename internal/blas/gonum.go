package blas

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// gonumLibrary is the pure-Go fallback.
type gonumLibrary struct{}

var _ Library = gonumLibrary{}

func (gonumLibrary) Name() string { return "gonum" }

// Gemm tiles the product. gonum starts goroutines, and allocates, for a
// product of four or more 64×64 blocks; up to three it stays on this one.
func (gonumLibrary) Gemm(transA, transB bool, m, n, k int, a []float32, lda int, b []float32, ldb int, beta float32, c []float32, ldc int) {
	check(transA, transB, m, n, k, a, lda, b, ldb, c, ldc)
	const tileRows, tileColumns = 64, 192
	for i := 0; i < m; i += tileRows {
		rows := min(tileRows, m-i)
		for j := 0; j < n; j += tileColumns {
			columns := min(tileColumns, n-j)
			gonum.Implementation{}.Sgemm(flag(transA), flag(transB), rows, columns, k,
				1, a[offset(transA, i, lda):], lda, b[offset(!transB, j, ldb):], ldb, beta, c[i*ldc+j:], ldc)
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

func flag(transposed bool) blas.Transpose {
	if transposed {
		return blas.Trans
	}
	return blas.NoTrans
}
