package simd

import "math"

// Outer is the updates minus·(x·dz[j]), each product rounded and then clamped to ±bound, of columns
// of weights that have the errors dz, for whatever x a row has: an outer product x ⊗ dz, whose rows
// differ by x alone.
type Outer struct {
	dz           []float32
	minus, bound float32
	least, most  float32 // magnitudes of the errors that are not zero; NaN is the largest
	before       []int   // how many errors before column i·outerGroup are not zero; the last are all
}

// outerGroup columns are counted together.
const outerGroup = 64

// Set makes o the updates by errors dz, which it keeps. It allocates only where there are more of them
// than ever before.
func (o *Outer) Set(dz []float32, minus, bound float32) {
	least, most := extremes(dz)
	*o = Outer{dz, minus, bound, math.Float32frombits(least), math.Float32frombits(most), append(o.before[:0], 0)}
	for count := 0; len(dz) > 0; {
		group := dz[:min(outerGroup, len(dz))]
		count += Nonzero(group)
		o.before, dz = append(o.before, count), dz[len(group):]
	}
}

// nonzero returns how many errors of columns [from,to) are not zero.
func (o *Outer) nonzero(from, to int) int {
	if to-from == len(o.dz) {
		return o.before[len(o.before)-1]
	}
	before := func(column int) int {
		group := column / outerGroup
		return o.before[group] + Nonzero(o.dz[group*outerGroup:column])
	}
	return before(to) - before(from)
}

// ApplyRows is [ApplyOuter] of the updates of columns [from,to) to some rows of the matrix of weights w,
// one after the other: to w[row·len(dz)+j] with x[row]. The weight at w[i] is in lane i mod Lanes.
func (o *Outer) ApplyRows(w, x []float32, rows []int32, from, to int, sums *Sums) (m0, stored int) {
	dz, stride := o.dz[from:to], len(o.dz)
	if len(dz) == 0 || len(rows) == 0 {
		return 0, 0
	}
	if m0, stored, done := o.applyRowsVectors(w[:len(x)*stride], x, rows, from, to, sums); done {
		return m0, stored
	}
	for _, row := range rows {
		at := int(row)*stride + from
		changed, moved := ApplyOuter(w[at:at+len(dz)], dz, x[row], o.minus, 1, o.bound, sums, at)
		m0 += changed
		stored += moved
	}
	return m0, stored
}

// extremes returns the bits of the smallest and the largest magnitude of those x that are not zero, as
// of a float32, which ascend with it; without any they mean nothing.
func extremes(x []float32) (least, most uint32) {
	done, least, most := extremesVectors(x)
	for _, v := range x[done:] {
		key := math.Float32bits(v) & magnitude
		least, most = min(least, key-1), max(most, key) // less one, so that zero is the largest
	}
	return least + 1, most
}
