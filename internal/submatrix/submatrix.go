// Package submatrix has the entries of a matrix that lie in selected rows and columns.
package submatrix

import "slices"

// Submatrix is the entries of a matrix in selected rows and columns; nil selects all.
// Entries are numbered row by row: in a matrix with out columns, entry i is in row i/out
// and column i%out.
type Submatrix struct{ Rows, Columns []int32 } // ascending

// All reports whether both rows and columns are nil: the whole matrix.
func (m Submatrix) All() bool { return m.Rows == nil && m.Columns == nil }

// Size returns how many rows and columns the submatrix of an in×out matrix has.
func (m Submatrix) Size(in, out int) (rows, columns int) {
	rows, columns = in, out
	if m.Rows != nil {
		rows = len(m.Rows)
	}
	if m.Columns != nil {
		columns = len(m.Columns)
	}
	return rows, columns
}

// Select appends the entries of [lo,hi) that are in the submatrix to kept, ascending. out
// is the number of columns of the matrix.
func (m Submatrix) Select(out, lo, hi int, kept []int32) []int32 {
	if m.Rows == nil {
		for row := lo / out; row*out < hi; row++ {
			kept = m.selectRow(row, out, lo, hi, kept)
		}
		return kept
	}
	first, _ := slices.BinarySearch(m.Rows, int32(lo/out))
	for _, row := range m.Rows[first:] {
		if int(row)*out >= hi {
			break
		}
		kept = m.selectRow(int(row), out, lo, hi, kept)
	}
	return kept
}

// selectRow appends the entries of one row of the submatrix that are in [lo,hi).
func (m Submatrix) selectRow(row, out, lo, hi int, kept []int32) []int32 {
	start := row * out
	lo, hi = max(lo, start), min(hi, start+out)
	if m.Columns == nil {
		return Range(lo, hi, kept)
	}
	first, _ := slices.BinarySearch(m.Columns, int32(lo-start))
	for _, column := range m.Columns[first:] {
		i := start + int(column)
		if i >= hi {
			break
		}
		kept = append(kept, int32(i))
	}
	return kept
}

// Before returns how many of the entries 0 … i-1 of an in×out matrix are in the
// submatrix.
func (m Submatrix) Before(in, out, i int) int {
	_, columns := m.Size(in, out)
	row, column := i/out, i%out
	within := true
	if m.Rows != nil {
		row, within = slices.BinarySearch(m.Rows, int32(row))
	}
	if !within {
		return row * columns
	}
	if m.Columns != nil {
		column, _ = slices.BinarySearch(m.Columns, int32(column))
	}
	return row*columns + column
}

// EachRow calls f for each row of the submatrix that contains an entry of [lo,hi),
// ascending.
func (m Submatrix) EachRow(out, lo, hi int, f func(row int)) {
	first, last := lo/out, (hi-1)/out
	if m.Rows == nil {
		for row := first; row <= last; row++ {
			f(row)
		}
		return
	}
	at, _ := slices.BinarySearch(m.Rows, int32(first))
	for _, row := range m.Rows[at:] {
		if int(row) > last {
			return
		}
		f(int(row))
	}
}

// Within returns the part of an ascending list that is in [lo,hi).
func Within(numbers []int32, lo, hi int) []int32 {
	if lo > 0 {
		at, _ := slices.BinarySearch(numbers, int32(lo))
		numbers = numbers[at:]
	}
	if n := len(numbers); n > 0 && int(numbers[n-1]) >= hi {
		n, _ = slices.BinarySearch(numbers, int32(hi))
		numbers = numbers[:n]
	}
	return numbers
}

// Range appends lo … hi-1 to kept.
func Range(lo, hi int, kept []int32) []int32 {
	for i := lo; i < hi; i++ {
		kept = append(kept, int32(i))
	}
	return kept
}
