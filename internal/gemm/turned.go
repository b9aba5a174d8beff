package gemm

const turnedColumns = 64 // of a block of the transposed C: the other side is turnedRows at most

// turnedBlock computes a block of the transposed problem. What is a column here
// is a row of C.
func (q *plan) turnedBlock(w *workspace, r0, r1, c0, c1 int) {
	if q.copyA {
		q.copyTiles(w, r0, r1)
	}
	for c := c0; c < c1; c += turnedColumns {
		end := min(c+turnedColumns, c1)
		q.begin(c, end, r0, r1)
		if q.accumulate {
			q.transpose(w.turned, turnedColumns, q.c[c*q.cRow+r0:], q.cRow, end-c, r1-r0)
		}
		w.target = target{w.turned, turnedColumns, r0, c}
		q.group(w, r0, r1, c, end)
		q.transpose(q.c[c*q.cRow+r0:], q.cRow, w.turned, turnedColumns, r1-r0, end-c)
		q.end(c, end, r0, r1)
	}
}
