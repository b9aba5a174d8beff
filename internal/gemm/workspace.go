package gemm

// workspace is what one worker needs beside the matrices.
type workspace struct {
	strip
	target target
	row    int       // of C, where the strip starts
	aRows  int       // first row of A that is copied to tiles
	tiles  []float32 // of A, each column after column
	panels []float32 // of B, each row after row
	turned []float32 // a block of the transposed C
}

// target is where the sums of a block go: element (row, column) of C is c[0].
type target struct {
	c           []float32
	stride      int
	row, column int
}

// fit makes room for a plan's blocks. Buffers of an earlier plan are kept if
// they are long enough.
func (w *workspace) fit(q *plan) {
	if q.method == inner {
		return
	}
	rows := q.m
	if q.method == outer {
		rows = min(q.m, q.chunkRows())
	}
	if q.copyA {
		grow(&w.tiles, rows*q.k)
	}
	if !q.isDirect(q.m) {
		columns := min(q.groupColumns(rows), ceil(q.n, q.width())*q.width())
		grow(&w.panels, columns*min(q.k, depth))
	}
	if q.method == turned {
		grow(&w.turned, q.m*turnedColumns)
	}
}

func grow(x *[]float32, n int) {
	if len(*x) < n {
		*x = make([]float32, n)
	}
}
