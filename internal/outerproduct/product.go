// Package outerproduct finds the largest, or smallest, entries of outer products x ⊗ δ
// from their sorted factors, without forming the products.
package outerproduct

import (
	"math"
	"slices"

	"ergon/internal/selection"
	"ergon/internal/submatrix"
)

// Product finds the largest or smallest entries of an outer product without forming it.
//
// The gradient of a single presentation is x ⊗ δ, input by error. With |x| and |δ|
// sorted, |x_i δ_j| descends along rows and columns, also when rounded, since rounding is
// monotone. One staircase walk so counts the entries that are at least a threshold, and a
// search over thresholds finds the k-th largest. The cost is that of sorting the factors.
type Product struct {
	rows, columns    []factor            // non-zero entries of |x| and |δ|, descending
	scratch          []factor            // of sorting
	height, width    int                 // of the product; the last row is that of the biases, if there are any
	inputs           int                 // rows without that of the biases
	within           submatrix.Submatrix // the rows and columns that take part, besides the row of biases
	competing        [2]int              // numbers of rows and columns that take part
	prefixes         []prefix            // marked entries, of the non-zero columns
	patterns         RowPatterns         // kept entries
	keys             []uint32            // scratch
	competingColumns []uint64            // columns that take part, one bit each
}

// factor is one entry of x or δ: the key of its magnitude in the upper 32 bits, its number
// in the lower, so that factors sort by magnitude.
type factor uint64

func newFactor(x float32, i int) factor { return factor(selection.Key(x))<<32 | factor(i) }

func (f factor) size() float32 { return math.Float32frombits(uint32(f >> 32)) }

func (f factor) number() int { return int(uint32(f)) }

// Load sets the factors to x [rows] and δ [columns], of which a submatrix takes part. With
// bias, there is one more row, of x = 1. It reads x and δ only during the call, and g until
// the next.
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

// Finite reports whether no factor is infinite or NaN: their products with zeros, which
// are left out, would not be zero.
func (o *Product) Finite() bool {
	for _, sorted := range [][]factor{o.rows, o.columns} {
		if len(sorted) > 0 && !(sorted[0].size() <= math.MaxFloat32) {
			return false
		}
	}
	return true
}

// appendFactors appends the non-zero entries of x whose numbers are in only; nil means
// all.
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

// descend sorts factors, largest first, and returns the scratch space it used. Many
// factors are radix sorted: four stable passes over the bytes of the magnitude, the least
// significant first.
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
