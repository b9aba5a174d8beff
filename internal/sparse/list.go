package sparse

import (
	"ergon/internal/gemm"
	"ergon/internal/parallel"
)

// lists say where X [rows,columns] is not zero. X is cut into chunks of rows and
// stripes of pairs of columns, each of which has the room for all of its entries,
// of which the first are used: what is used lies together.
type lists struct {
	x             []float32
	rows, columns int
	pitch         int // bytes from row to row of a panel
	chunks        int
	stripes       int
	pairs         int      // of a stripe, at most
	counts        []uint16 // of entries of a pair
	places        []uint16 // of an entry: pitch times the row in the chunk
	first, second []float32
}

// tiled is how many pairs are transposed at once.
const tiled = 16

// room is how many entries a stripe of a chunk may have, and what is written by
// whole vectors behind them.
func (l *lists) room() int { return l.pairs*chunk + lanes }

func (l *lists) allocate() {
	l.chunks = (l.rows + chunk - 1) / chunk
	l.pairs = ((l.columns+1)/2 + l.stripes - 1) / l.stripes
	n := l.chunks * l.stripes
	l.counts = make([]uint16, n*l.pairs)
	l.places = make([]uint16, n*l.room())
	l.first = make([]float32, n*l.room())
	l.second = make([]float32, n*l.room())
}

// stripe returns the pairs of columns [lo,hi) of a stripe.
func (l *lists) stripe(i int) (lo, hi int) {
	return parallel.Split((l.columns+1)/2, l.stripes, i)
}

// list lists a stripe of a chunk. tile has room for 2·tiled rows of a chunk.
func (l *lists) list(at, stripe int, tile []float32) {
	lo, hi := l.stripe(stripe)
	r0 := at * chunk
	rows := min(chunk, l.rows-r0)
	region := at*l.stripes + stripe
	counts, entry := l.counts[region*l.pairs:], region*l.room()
	for p := lo; p < hi; p += tiled {
		n := min(tiled, hi-p)
		width := min(2*n, l.columns-2*p)
		gemm.Transpose(tile, chunk, l.x[r0*l.columns+2*p:], l.columns, rows, width)
		clear(tile[width*chunk : 2*n*chunk])
		whole := rows &^ (lanes - 1)
		entry += list512(&tile[0], whole, 1<<(rows-whole)-1, n, uint32(l.pitch),
			&counts[p-lo], &l.places[entry], &l.first[entry], &l.second[entry])
	}
}

// stretch is the list of some pairs of columns of a chunk.
type stretch struct {
	column, pairs int
	step          int // 1, or 0 if the only column has no neighbour
	counts        *uint16
	places        *uint16
	first, second *float32
}

// stretches returns the lists of a stripe of a chunk: of all pairs, and of a last
// column that has no neighbour. Either may have no pairs.
func (l *lists) stretches(at, stripe int) [2]stretch {
	lo, hi := l.stripe(stripe)
	region := at*l.stripes + stripe
	counts, entry := l.counts[region*l.pairs:], region*l.room()
	s := [2]stretch{{column: 2 * lo, pairs: hi - lo, step: 1, counts: &counts[0], places: &l.places[entry], first: &l.first[entry], second: &l.second[entry]}}
	if 2*hi > l.columns {
		s[0].pairs--
		for _, n := range counts[:hi-lo-1] {
			entry += int(n)
		}
		s[1] = stretch{column: 2 * (hi - 1), pairs: 1, counts: &counts[hi-lo-1], places: &l.places[entry], first: &l.first[entry], second: &l.second[entry]}
	}
	return s
}
