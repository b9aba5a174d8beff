// Package outerproduct finds the largest, or smallest, entries of outer products x ⊗ δ from
// their sorted factors, without writing the products out.
package outerproduct

import (
	"math"
	"slices"

	"ergon/internal/selection"
	"ergon/internal/submatrix"
)

// Product finds the largest or smallest entries of an outer product without writing it out.
//
// The gradient of a single presentation is x ⊗ δ, input by error. Rounding is
// monotone, so |x_i δ_j| descends along rows and columns once both factors are
// sorted: how many entries are not below a threshold can be counted by one walk
// along the border, and the k-th largest found by a search over thresholds. The
// cost is that of sorting the factors, not the matrix.
type Product struct {
	rows, columns    []factor            // non-zero entries of |x| and |δ|, descending
	scratch          []factor            // scratch
	height, width    int                 // of the product; the last row is the biases', if there are any
	inputs           int                 // rows without the biases'
	within           submatrix.Submatrix // the rows and columns that take part; the biases' row does
	competing        [2]int              // how many they are
	prefixes         []prefix            // of the columns that are not zero
	patterns         RowPatterns
	keys             []uint32 // scratch
	competingColumns []uint64 // columns that take part, one bit each
}

// factor is one entry of x or δ: the key of its magnitude above its number.
type factor uint64

func newFactor(x float32, i int) factor { return factor(selection.Key(x))<<32 | factor(i) }

func (f factor) size() float32 { return math.Float32frombits(uint32(f >> 32)) }

func (f factor) number() int { return int(uint32(f)) }

// Load takes the factors x [rows] and δ [columns], restricted to some rows and
// columns, with a row more of size 1 for biases if there are any.
func (o *Product) Load(x, delta []float32, g submatrix.Submatrix, bias bool) {
	o.rows, o.columns = o.rows[:0], o.columns[:0]
	o.height, o.width, o.inputs, o.within = len(x), len(delta), len(x), g
	o.competing[0], o.competing[1] = g.Size(o.height, o.width)
	o.rows = appendFactors(o.rows, x, g.Rows)
	if bias {
		o.rows = append(o.rows, newFactor(1, o.height))
		o.height++
		o.competing[0]++
	}
	o.columns = appendFactors(o.columns, delta, g.Columns)
	o.scratch = descend(o.rows, o.scratch)
	o.scratch = descend(o.columns, o.scratch)
}

// Finite says that no factor is infinite or NaN, whose products with zeros are not zero.
func (o *Product) Finite() bool {
	for _, sorted := range [][]factor{o.rows, o.columns} {
		if len(sorted) > 0 && !(sorted[0].size() <= math.MaxFloat32) {
			return false
		}
	}
	return true
}

// appendFactors appends the non-zero entries of x among those in only; nil is all.
func appendFactors(to []factor, x []float32, only []int32) []factor {
	if only == nil {
		for i, v := range x {
			if v != 0 {
				to = append(to, newFactor(v, i))
			}
		}
		return to
	}
	for _, i := range only {
		if v := x[i]; v != 0 {
			to = append(to, newFactor(v, int(i)))
		}
	}
	return to
}

// descend sorts factors, largest first, with scratch space that it returns: by
// bytes of the magnitude, from the last, each pass keeping the order of the one before.
func descend(all, scratch []factor) []factor {
	if len(all) < 64 {
		slices.SortFunc(all, func(a, b factor) int {
			if a > b {
				return -1
			}
			return 1
		})
		return scratch
	}
	if cap(scratch) < len(all) {
		scratch = make([]factor, len(all))
	}
	from, to := all, scratch[:len(all)]
	for shift := 32; shift < 64; shift += 8 {
		var places [256]int32
		for _, f := range from {
			places[^uint8(f>>shift)]++
		}
		place := int32(0)
		for b, n := range places {
			places[b] = place
			place += n
		}
		for _, f := range from {
			b := ^uint8(f >> shift)
			to[places[b]] = f
			places[b]++
		}
		from, to = to, from
	}
	return scratch // four passes: the result is in all again
}
