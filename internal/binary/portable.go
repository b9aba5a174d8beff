package binary

var portable = &kernels{packPortable, tabulatePortable, sumPortable}

func packPortable(bits []byte, x []float32) bool {
	clear(bits[:ceil(len(x), 8)])
	for i, v := range x {
		switch v {
		case 0:
		case 1:
			bits[i/8] |= 1 << (i % 8)
		default:
			return false
		}
	}
	return true
}

func tabulatePortable(tables, rows []float32, groups int) {
	for g := range groups {
		table := tables[g*states*width:][:states*width]
		clear(table[:width])
		for i := range group {
			double(table[:width<<(i+1)], rows[(g*group+i)*width:][:width])
		}
	}
}

// double fills the second half of a table with the first plus a row. To the empty sum nothing is
// added: it would make 0 of -0.
func double(table, row []float32) {
	lower, upper := table[:len(table)/2], table[len(table)/2:]
	copy(upper, row)
	for i := width; i < len(lower); i++ {
		upper[i] = lower[i] + row[i%width]
	}
}

func sumPortable(to []float32, toPitch int, from []float32, fromPitch int, tables []float32, words []uint64, groups int) {
	for r, word := range words {
		sums := [width]float32(from[r*fromPitch:])
		for g := range groups {
			row := g*states + int(word>>(group*g)%states)
			for i, x := range tables[row*width:][:width] {
				sums[i] += x
			}
		}
		copy(to[r*toPitch:], sums[:])
	}
}
