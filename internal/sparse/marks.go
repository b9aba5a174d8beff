package sparse

import "ergon/internal/parallel"

// marks say where the numbers of A are not zero, in lines: its columns as it is stored, or its rows. A
// line is cut into chunks.
type marks struct {
	x             []float32 // [rows,columns]
	rows, columns int
	across        bool     // lines are rows
	chunks        int      // of a line
	pitch         int      // words of a chunk
	words         []uint64 // [chunks][pitch]: bit i of word l says whether number chunk·c+i of line l is not zero
	bands         int      // of columns, where they are lines
	parts         int      // in which marks are made: chunks of rows of a band
}

// lanes is how many numbers are marked at once.
const lanes = 8

// bandable is how many columns are shared out, so that there is work for two in a single chunk of rows.
const bandable = 256

func newMarks(x []float32, rows, columns int, across bool) marks {
	m := marks{x: x, rows: rows, columns: columns, across: across}
	lines, length := columns, rows
	if across {
		lines, length = rows, columns
	}
	m.chunks, m.pitch = ceil(length, chunk), lanes*ceil(lines, lanes)
	m.words = make([]uint64, m.chunks*m.pitch)
	m.bands = 1
	if !across && rows <= chunk && columns >= bandable {
		m.bands = 2
	}
	m.parts = m.bands * ceil(rows, chunk)
	return m
}

// of returns the words of a chunk of the lines from one on.
func (m *marks) of(at, line int) []uint64 { return m.words[at*m.pitch+line:] }

// begin returns where a chunk of a line begins, and how many bytes there are to its next number, and to the next line.
func (m *marks) begin(at, line int) (x *float32, next, behind int) {
	if m.across {
		return &m.x[line*m.columns+at*chunk], size, size * m.columns
	}
	return &m.x[at*chunk*m.columns+line], size * m.columns, size
}

// mark marks a part. bits has room for a byte of each of a chunk of rows for lanes columns.
func (m *marks) mark(part int, bits []uint8) {
	chunks := m.parts / m.bands
	band, at := part/chunks, part%chunks
	r0, r1 := at*chunk, min((at+1)*chunk, m.rows)
	if !m.across {
		lo, hi := parallel.Split(ceil(m.columns, lanes), m.bands, band)
		first := lo * lanes
		vectors, tail := whole(min(hi*lanes, m.columns) - first)
		markColumns(&m.words[at*m.pitch+first], &bits[0], &m.x[r0*m.columns+first], size*m.columns, r1-r0, vectors, tail)
		return
	}
	for r := r0; r < r1; r++ {
		for at := range m.chunks {
			vectors, tail := whole(min(chunk, m.columns-at*chunk))
			markRow(&m.words[at*m.pitch+r], &m.x[r*m.columns+at*chunk], vectors, tail)
		}
	}
}

// whole returns how many vectors stand before the last of n > 0 numbers, and which lanes of that exist.
func whole(n int) (vectors int, tail uint32) {
	vectors = (n - 1) / lanes
	return vectors, 1<<(n-lanes*vectors) - 1
}
