package selection

// Columns finds an order statistic of each column of a matrix. Its zero value is ready
// for use; it keeps its scratch space from call to call.
type Columns struct{ keys []uint32 }

// columnsPerLine is the number of columns that are transposed together: the entries of
// one row that share a cache line.
const columnsPerLine = 16

// Thresholds writes the Threshold of each column's keys to thresholds [columns]. Values
// are the matrix's rows, in one slice or several; keys are XORed with flip.
func (c *Columns) Thresholds(values [][]float32, flip uint32, k int, least uint32, thresholds []uint32) {
	width, height := len(thresholds), 0
	for _, v := range values {
		height += len(v) / width
	}
	if n := height * columnsPerLine; len(c.keys) < n {
		c.keys = make([]uint32, n)
	}
	for j := 0; j < width; j += columnsPerLine {
		group := thresholds[j:min(j+columnsPerLine, width)]
		row := 0
		for _, v := range values {
			transpose(v[j:], width, flip, c.keys[row:], height, len(group))
			row += len(v) / width
		}
		for n := range group {
			group[n] = Threshold(c.keys[n*height:(n+1)*height], k, least)
		}
	}
}

// transpose writes the keys of the first columns of values, a matrix with rows of stride
// numbers, to keys column by column, each column height numbers after the one before.
func transpose(values []float32, stride int, flip uint32, keys []uint32, height, columns int) {
	for row := 0; len(values) > 0; row++ {
		at := row
		for _, v := range values[:columns] {
			keys[at] = Key(v) ^ flip
			at += height
		}
		values = values[min(stride, len(values)):]
	}
}
