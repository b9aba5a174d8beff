package binary

import (
	"unsafe"

	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

// tile is a block of C, rows [r0,r1) and columns [c0,c1).
type tile struct{ r0, r1, c0, c1 int }

// whole says whether kernels may write the tile where it lies. The sums of one that is not
// as wide as they are stay in a workspace.
func (t tile) whole() bool { return t.c1-t.c0 == width }

func (q *product) tile(part int) tile {
	r0, r1 := parallel.Split(q.M, q.chunks, part%q.chunks)
	c0 := part / q.chunks * width
	return tile{r0, r1, c0, min(c0+width, q.N)}
}

// workspace is what a worker needs.
type workspace struct {
	units  []float32 // columns of B, transposed [block, width]
	tables []float32 // of each group of units [16, width]
	sums   []float32 // of a tile, before the last block [rows, width]
	zeros  []float32 // [width]
}

func newWorkspace(rows int) *workspace {
	return &workspace{aligned(block * width), aligned(block / group * states * width), aligned(rows * width), aligned(width)}
}

// aligned returns n numbers that begin with a cache line, so that no vector lies in two.
func aligned(n int) []float32 {
	const line = 64 / size
	x := make([]float32, n+line)
	first := -int(uintptr(unsafe.Pointer(&x[0]))/size) & (line - 1)
	return x[first:][:n]
}

// tabulateBlock makes the tables of units [k0,k1) for a tile's columns. A group may have units that
// do not exist. They are never 1, so whatever stands in their rows does not matter, nor in columns that do not exist.
func (q *product) tabulateBlock(w *workspace, t tile, k0, k1 int) {
	gemm.Transpose(w.units, width, q.B[t.c0*q.K+k0:], q.K, t.c1-t.c0, k1-k0)
	q.tabulate(w.tables, w.units, ceil(k1-k0, group))
}

// addBlock adds what units [k0,k1) contribute to a tile.
func (q *product) addBlock(w *workspace, t tile, k0, k1 int) {
	from, fromPitch, to, toPitch := w.sums, width, w.sums, width
	c := q.C[t.r0*q.N+t.c0:]
	if k0 == 0 && !q.Accumulate {
		from, fromPitch = w.zeros, 0
	} else if k0 == 0 && t.whole() {
		from, fromPitch = c, q.N
	}
	if k1 == q.K && t.whole() {
		to, toPitch = c, q.N
	}
	q.sum(to, toPitch, from, fromPitch, w.tables, q.words[k0/block][t.r0:t.r1], ceil(k1-k0, group))
}

// copyRows copies a tile.
func copyRows(to []float32, toPitch int, from []float32, fromPitch int, t tile) {
	for r := range t.r1 - t.r0 {
		copy(to[r*toPitch:][:t.c1-t.c0], from[r*fromPitch:])
	}
}
