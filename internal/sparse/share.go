package sparse

import "math/bits"

// share estimates, from a sample fixed by the shape, which share of A is multiplied:
// of the groups of so many neighbours in a row of A as it is stored, that in which any
// is not zero.
func (p Product) share(group int) float64 {
	rows, columns := p.M, p.K
	if p.TransA {
		rows, columns = p.K, p.M
	}
	width := min(sampled*group, columns)
	groups := ceil(width, group)
	every := max(rows/most, 1)
	multiplied, all := 0, 0
	for r := 0; r < rows; r += every {
		// Each row is looked at somewhere else: multiples of the golden ratio, modulo 1, are spread evenly.
		first := int(uint64(uint32(r/every)*golden) * uint64(columns-width+1) >> 32)
		multiplied += nonzero(p.A[r*columns+first:][:width], group)
		all += groups
	}
	return float64(multiplied) / float64(all)
}

const (
	sampled = 16         // groups that are looked at in a row: no more numbers than a word has bits
	most    = 64         // rows, about
	golden  = 2654435769 // 2³² divided by the golden ratio
)

// nonzero returns in how many groups any of up to 64 numbers is not zero.
func nonzero(x []float32, group int) int {
	var word, any uint64
	vectors, tail := whole(len(x))
	markRow(&word, &x[0], vectors, tail)
	for i := range group {
		any |= word >> i
	}
	firsts := (uint64(1)<<(chunk/group*group) - 1) / (1<<group - 1) // a bit for each group
	return bits.OnesCount64(any & firsts)
}
