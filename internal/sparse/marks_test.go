package sparse

import (
	"math"
	"testing"
)

// A bit is set where a number is not zero, and no other, whichever way lines run and wherever they end. What is
// not a number is not zero, and -0 is.
func TestMarks(t *testing.T) {
	for _, across := range []bool{false, true} {
		for _, rows := range []int{1, 2, 63, 64, 65, 130} {
			for columns := 1; columns < 140; columns++ {
				checkMarks(t, rows, columns, across)
			}
		}
	}
}

func checkMarks(t *testing.T, rows, columns int, across bool) {
	t.Helper()
	x := mostlyZero("x", rows*columns, 0.3)
	x[0], x[len(x)/2], x[len(x)-1] = float32(math.NaN()), float32(math.Copysign(0, -1)), float32(math.Inf(-1))
	m := newMarks(x, rows, columns, across)
	bits := make([]uint8, chunk*ceil(columns, lanes))
	for i := range m.words {
		m.words[i] = math.MaxUint64 // of an earlier run
	}
	for part := range m.parts {
		m.mark(part, bits)
	}
	for r := range rows {
		for c := range columns {
			line, number := c, r
			if across {
				line, number = r, c
			}
			marked := m.of(number/chunk, line)[0]>>(number%chunk)&1 == 1
			if want := x[r*columns+c] != 0; marked != want {
				t.Fatalf("%d×%d, across %t: %v in row %d, column %d is marked: %t", rows, columns, across, x[r*columns+c], r, c, marked)
			}
			if begin, next, _ := m.begin(number/chunk, line); number%chunk == 0 && begin != &x[r*columns+c] || next <= 0 {
				t.Fatalf("%d×%d, across %t: chunk %d of line %d does not begin in row %d, column %d", rows, columns, across, number/chunk, line, r, c)
			}
		}
	}
	beyond := uint64(0)
	length, lines := rows, columns
	if across {
		length, lines = columns, rows
	}
	if rest := length % chunk; rest > 0 {
		for _, word := range m.of(m.chunks-1, 0)[:lines] {
			beyond |= word >> rest
		}
	}
	if beyond != 0 {
		t.Fatalf("%d×%d, across %t: numbers beyond the last are marked", rows, columns, across)
	}
}
