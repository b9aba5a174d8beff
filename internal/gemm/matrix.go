package gemm

// matrix is a view of numbers: element (r, c) is data[r·row + c·column], and
// one of the strides is 1.
type matrix struct {
	data        []float32
	row, column int
}

// operand is op(X) of a row-major X with the given stride.
func operand(transposed bool, x []float32, stride int) matrix {
	if transposed {
		return matrix{x, 1, stride}
	}
	return matrix{x, stride, 1}
}

func (m matrix) transposed() matrix { return matrix{m.data, m.column, m.row} }

func (m matrix) index(r, c int) int { return r*m.row + c*m.column }
