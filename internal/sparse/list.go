package sparse

import (
	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

// lists say where X [rows,columns] is not zero, which is A or Aᵀ. X is cut into chunks of rows and
// stripes of groups of columns, each of which has room for all of its entries;
// those that there are lie together.
type lists struct {
	x             []float32
	rows, columns int
	across        bool // X is stored by columns
	way
	pitch   int // bytes from row to row of a panel
	chunks  int
	stripes int
	stripe  int       // groups of one, at most
	room    int       // for the entries of a stripe of a chunk, and what is written by whole vectors behind them
	counts  []uint16  // entries of each group
	places  []uint16  // of an entry: pitch times its row in the chunk
	values  []float32 // of a group's first column, its second, and so on
}

const (
	tiled  = 16 // groups that are transposed at once
	beyond = 16 // entries that kernels may write behind the last
)

// allocate makes room for all that may have to be listed.
func (l *lists) allocate() {
	n := l.chunks * l.stripes
	l.stripe = ceil(l.groups(), l.stripes)
	l.room = l.stripe*min(chunk, l.rows) + beyond
	l.counts = make([]uint16, n*l.stripe)
	l.places = make([]uint16, n*l.room)
	l.values = make([]float32, n*l.room*l.group)
}

// groups is how many groups of columns there are, the last of which may be incomplete.
func (l *lists) groups() int { return ceil(l.columns, l.group) }

// bounds returns the groups of columns [lo,hi) of a stripe.
func (l *lists) bounds(i int) (lo, hi int) { return parallel.Split(l.groups(), l.stripes, i) }

// listStripe lists a stripe of a chunk. tile has room for tiled groups of columns.
func (l *lists) listStripe(at, stripe int, tile []float32) {
	lo, hi := l.bounds(stripe)
	r0 := at * chunk
	rows := min(chunk, l.rows-r0)
	s := l.stretch(at, stripe)
	if l.across {
		l.listGroups(s, l.x[lo*l.rows+r0:], l.rows, rows, hi-lo)
		return
	}
	for g := lo; g < hi; g += tiled {
		n := min(tiled, hi-g)
		c0 := g * l.group
		width := min(n*l.group, l.columns-c0)
		gemm.Transpose(tile, chunk, l.x[r0*l.columns+c0:], l.columns, rows, width)
		clear(tile[width*chunk : n*l.group*chunk])
		s = s.behind(n, l.listGroups(s, tile, l.group*chunk, rows, n))
	}
}

// listGroups lists so many groups, of so many rows each, that are a stride apart, and
// returns how many entries they have.
func (l *lists) listGroups(s stretch, x []float32, stride, rows, groups int) int {
	whole := rows &^ (l.lanes - 1)
	return l.list(&x[0], size*stride, whole, 1<<(rows-whole)-1, groups, uint32(l.pitch), &s.counts[0], &s.places[0], &s.values[0], size*l.room)
}
