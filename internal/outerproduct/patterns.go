package outerproduct

import (
	"ergon/internal/bitset"
	"ergon/internal/submatrix"
)

// RowPatterns are the columns kept of each row of a matrix. Rows share sets of columns.
type RowPatterns struct {
	words   int      // of a set
	bits    []uint64 // [sets][words], one bit a column
	changes []int    // of each set: the number of its columns that can have an update
	setOf   []int32  // of each row: the number of its set
}

// begin makes set 0, which is empty, and gives it to each row.
func (k *RowPatterns) begin(rows, width int) {
	k.words = (width + 63) / 64
	k.bits = bitset.Zeroed(k.bits, k.words)
	k.changes = append(k.changes[:0], 0)
	k.setOf = bitset.Zeroed(k.setOf, rows)
}

// set returns the bits of a set.
func (k *RowPatterns) set(n int) []uint64 { return k.bits[n*k.words : (n+1)*k.words] }

// Row returns the columns kept of a row, one bit each, and how many of them can have an
// update. The words must not be modified.
func (k *RowPatterns) Row(row int) (set []uint64, changes int) {
	n := int(k.setOf[row])
	return k.set(n), k.changes[n]
}

// grow adds a set: the last one and the columns of by. It adds none if by is empty.
func (k *RowPatterns) grow(by []prefix) {
	if len(by) == 0 {
		return
	}
	last := len(k.changes) - 1
	k.bits = append(k.bits, k.set(last)...)
	k.changes = append(k.changes, k.changes[last]+len(by))
	set := k.set(last + 1)
	for _, r := range by {
		set[r.column()/64] |= 1 << (r.column() % 64)
	}
}

// Load sets the patterns to a submatrix of a rows×width matrix: its columns in its rows,
// none in others.
func (k *RowPatterns) Load(g submatrix.Submatrix, rows, width int) {
	k.begin(rows, width)
	k.bits = bitset.Zeroed(k.bits, 2*k.words)
	set := k.set(1)
	if k.changes = append(k.changes, len(g.Columns)); g.Columns == nil {
		k.changes[1] = width
		for w := range set {
			set[w] = bitset.Clip(^uint64(0), 64*w, 0, width)
		}
	}
	for _, column := range g.Columns {
		set[column/64] |= 1 << (column % 64)
	}
	if g.Rows == nil {
		for row := range k.setOf {
			k.setOf[row] = 1
		}
	}
	for _, row := range g.Rows {
		k.setOf[row] = 1
	}
}

// assign gives the last set to a row.
func (k *RowPatterns) assign(row int) { k.setOf[row] = int32(len(k.changes) - 1) }

// invert replaces each set by its complement in all; changing is the number of columns in
// all that can have an update.
func (k *RowPatterns) invert(all []uint64, changing int) {
	for n := range k.changes {
		set := k.set(n)
		for w := range set {
			set[w] = all[w] &^ set[w]
		}
		k.changes[n] = changing - k.changes[n]
	}
}

// empty gives the empty set to the first rows rows, except those in but, which ascends.
func (k *RowPatterns) empty(rows int, but []int32) {
	k.bits = append(k.bits, k.set(0)...)
	k.changes = append(k.changes, 0)
	none := len(k.changes) - 1
	clear(k.set(none))
	for row := range rows {
		if len(but) > 0 && int(but[0]) == row {
			but = but[1:]
			continue
		}
		k.setOf[row] = int32(none)
	}
}

// Select appends the kept entries of [lo,hi), ascending. Entries are numbered row by row
// in a matrix of out columns whose first row has pattern number top.
func (k *RowPatterns) Select(out, top, lo, hi int, kept []int32) []int32 {
	for row := lo / out; row*out < hi; row++ {
		set, _ := k.Row(top + row)
		from, to := max(lo, row*out), min(hi, (row+1)*out)
		for w, word := range set {
			if first := row*out + 64*w; first < to && first+64 > from {
				kept = bitset.Append(kept, word, first, from, to)
			}
		}
	}
	return kept
}
