package sparse

import (
	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

// lists say where X [rows,columns] is not zero. X is cut into chunks of rows and
// stripes of groups of columns, each of which has room for all of its entries;
// those that there are lie together.
type lists struct {
	x             []float32
	rows, columns int
	group         int // columns of one
	kernel        listKernel
	pitch         int // bytes from row to row of a panel
	chunks        int
	stripes       int
	stripe        int       // groups of one, at most
	room          int       // for the entries of a stripe of a chunk, and what is written by whole vectors behind them
	counts        []uint16  // entries of each group
	places        []uint16  // of an entry: pitch times its row in the chunk
	values        []float32 // of a group's first column, its second, and so on
}

// tiled is how many groups are transposed at once.
const tiled = 16

// allocate makes room for all that may have to be listed.
func (l *lists) allocate() {
	n := l.chunks * l.stripes
	l.stripe = ceil(l.groups(), l.stripes)
	l.room = l.stripe*min(chunk, l.rows) + lanes
	l.counts = make([]uint16, n*l.stripe)
	l.places = make([]uint16, n*l.room)
	l.values = make([]float32, n*l.room*l.group)
}

// groups is how many groups of columns there are, the last of which may be incomplete.
func (l *lists) groups() int { return ceil(l.columns, l.group) }

// bounds returns the groups of columns [lo,hi) of a stripe.
func (l *lists) bounds(i int) (lo, hi int) { return parallel.Split(l.groups(), l.stripes, i) }

// list lists a stripe of a chunk. tile has room for tiled groups of columns.
func (l *lists) list(at, stripe int, tile []float32) {
	lo, hi := l.bounds(stripe)
	r0 := at * chunk
	rows := min(chunk, l.rows-r0)
	whole := rows &^ (lanes - 1)
	s := l.stretch(at, stripe)
	for g := lo; g < hi; g += tiled {
		n := min(tiled, hi-g)
		c0 := g * l.group
		width := min(n*l.group, l.columns-c0)
		gemm.Transpose(tile, chunk, l.x[r0*l.columns+c0:], l.columns, rows, width)
		clear(tile[width*chunk : n*l.group*chunk])
		entries := l.kernel(&tile[0], whole, 1<<(rows-whole)-1, n, uint32(l.pitch), &s.counts[0], &s.places[0], &s.values[0], size*l.room)
		s = s.behind(n, entries)
	}
}
