package ops

import (
	"ergon/graph/activation"
	"ergon/graph/op"
	"ergon/internal/simd"
)

// columns are the numbers [R,C] of channels, cut into chunks of rows for loops that treat
// each channel in its own way. So that few channels fill vector registers too, fold rows
// are taken as one, of width numbers. Chunks follow from the shape alone.
type columns struct {
	rows, channels int
	fold, width    int
	size           int // rows of a chunk, but of the last; a multiple of fold
}

// inCache is how many numbers a chunk has: two arrays of them fit into the first-level cache.
const inCache = 1 << 12

func columnsOf(rows, channels int) columns {
	const lanes = 64 // numbers that keep a few registers busy
	fold := 1
	for fold*channels%16 != 0 || fold*channels < lanes {
		fold++
	}
	return columns{rows, channels, fold, fold * channels, max(inCache/(fold*channels), 1) * fold}
}

// chunks returns their number.
func (k columns) chunks() int { return (k.rows + k.size - 1) / k.size }

// chunk returns where chunk i begins and ends, in numbers.
func (k columns) chunk(i int) (lo, hi int) {
	return i * k.size * k.channels, min((i+1)*k.size, k.rows) * k.channels
}

// whole returns how many of n numbers are folded rows.
func (k columns) whole(n int) int { return n / k.width * k.width }

// tile repeats a number of each channel over a folded row.
func (k columns) tile(row []float32, of func(channel int) float64) {
	for c := range k.channels {
		row[c] = float32(of(c))
	}
	for at := k.channels; at < k.width; at += k.channels {
		copy(row[at:at+k.channels], row)
	}
}

// collect adds up a folded row, and what the rows that were not folded came to.
func (k columns) collect(sums []float64, row, rest []float32) {
	for c := range k.channels {
		sums[c] = float64(rest[c])
	}
	for at := 0; at < k.width; at += k.channels {
		for c, x := range row[at : at+k.channels] {
			sums[c] += float64(x)
		}
	}
}

// sum writes the sums of a chunk's columns. over adds up rows of the width of its first
// argument, of which its second says which numbers they are.
func (k columns) sum(sums []float64, space []float32, n int, over func(row []float32, lo, hi int)) {
	row, rest, whole := space[:k.width], space[k.width:k.width+k.channels], k.whole(n)
	clear(space)
	if whole > 0 {
		over(row, 0, whole)
	}
	if whole < n {
		over(rest, whole, n)
	}
	k.collect(sums, row, rest)
}

// Compile implements op.Formula. A chunk's squares are summed about its own mean while it
// is in the cache, so that all is read once, and nothing cancels.
func (Moments) Compile(c *op.Compiler, moments []float32, in []op.Operand) func() {
	z, k := in[0].Data, columnsOf(in[0].Shape[0], in[0].Shape[1])
	C := k.channels
	sums, squares := make([]float64, k.chunks()*C), make([]float64, k.chunks()*C)
	centers, spaces := make([]float32, k.chunks()*k.width), make([]float32, k.chunks()*(k.width+C))
	chunk := func(i int) {
		lo, hi := k.chunk(i)
		z, space := z[lo:hi], spaces[i*(k.width+C):(i+1)*(k.width+C)]
		sum, center := sums[i*C:(i+1)*C], centers[i*k.width:(i+1)*k.width]
		k.sum(sum, space, len(z), func(row []float32, lo, hi int) { simd.SumRows(row, z[lo:hi], (hi-lo)/len(row), len(row)) })
		rows := float64(len(z) / C)
		k.tile(center, func(c int) float64 { return sum[c] / rows })
		k.sum(squares[i*C:(i+1)*C], space, len(z), func(row []float32, lo, hi int) { simd.SumSquares(row, z[lo:hi], center) })
	}
	return func() {
		c.Pool.Run(k.chunks(), chunk)
		for channel := range C {
			sum, square, rows := 0.0, 0.0, float64(k.rows)
			for at := channel; at < len(sums); at += C {
				sum += sums[at]
			}
			mean := sum / rows
			for i := range k.chunks() { // Σ(z - μ)² from Σ(z - c)² and Σ(z - c)
				lo, hi := k.chunk(i)
				n, center := float64((hi-lo)/C), float64(centers[i*k.width+channel])
				away := center - mean
				square += squares[i*C+channel] + away*(2*(sums[i*C+channel]-n*center)+n*away)
			}
			moments[channel], moments[C+channel] = float32(mean), float32(max(square/rows, 0))
		}
	}
}

// Compile implements op.Formula.
func (f BatchNorm) Compile(c *op.Compiler, y []float32, in []op.Operand) func() {
	z, moments, k := in[0].Data, in[1].Data, columnsOf(in[0].Shape[0], in[0].Shape[1])
	mean, scale := make([]float32, k.width), make([]float32, k.width)
	chunk := func(i int) {
		lo, hi := k.chunk(i)
		simd.Normalize(y[lo:hi], z[lo:hi], mean, scale)
		activation.Forward(f.Activation, y[lo:hi])
	}
	meanOf := func(c int) float64 { return float64(moments[c]) }
	scaleOf := func(c int) float64 { return scaleOf(float64(moments[k.channels+c])) }
	return func() {
		k.tile(mean, meanOf)
		k.tile(scale, scaleOf)
		c.Pool.Run(k.chunks(), chunk)
	}
}

// Compile implements op.Formula.
func (f BatchNormError) Compile(c *op.Compiler, dz []float32, in []op.Operand) func() {
	d := in[0].Data
	return f.compile(c, dz, d, in[1], in[2], func(int, int) {})
}

// CompileWithActivationError compiles dz of an error d = dy ⊙ f'(y) in one: each chunk of
// d is summed while it is in the cache. The bits are the same.
func (f BatchNormError) CompileWithActivationError(c *op.Compiler, a activation.Activation, dz []float32, dy, y, z, moments op.Operand) func() {
	return f.compile(c, dz, dz, z, moments, func(lo, hi int) {
		activation.Backward(a, dz[lo:hi], dy.Data[lo:hi], y.Data[lo:hi])
	})
}

// compile computes dz of d, of which before computes a chunk.
func (BatchNormError) compile(c *op.Compiler, dz, d []float32, zs, ms op.Operand, before func(lo, hi int)) func() {
	z, moments, k := zs.Data, ms.Data, columnsOf(zs.Shape[0], zs.Shape[1])
	C := k.channels
	sums, products := make([]float64, k.chunks()*C), make([]float64, k.chunks()*C)
	spaces := make([]float32, k.chunks()*(k.width+C))
	mean, scale, shift, slope := make([]float32, k.width), make([]float32, k.width), make([]float32, k.width), make([]float32, k.width)
	sum := func(i int) {
		lo, hi := k.chunk(i)
		before(lo, hi)
		d, z, space := d[lo:hi], z[lo:hi], spaces[i*(k.width+C):(i+1)*(k.width+C)]
		k.sum(sums[i*C:(i+1)*C], space, len(d), func(row []float32, lo, hi int) { simd.SumRows(row, d[lo:hi], (hi-lo)/len(row), len(row)) })
		k.sum(products[i*C:(i+1)*C], space, len(d), func(row []float32, lo, hi int) { simd.SumProducts(row, d[lo:hi], z[lo:hi], mean) })
	}
	send := func(i int) {
		lo, hi := k.chunk(i)
		simd.NormalizeError(dz[lo:hi], d[lo:hi], z[lo:hi], mean, scale, shift, slope)
	}
	meanOf := func(c int) float64 { return float64(moments[c]) }
	scaled := func(c int) float64 { return scaleOf(float64(moments[C+c])) }
	total := func(of []float64, c int) (total float64) {
		for ; c < len(of); c += C {
			total += of[c]
		}
		return total / float64(k.rows)
	}
	shiftOf := func(c int) float64 { return total(sums, c) }
	slopeOf := func(c int) float64 { s := scaled(c); return total(products, c) * s * s }
	return func() {
		k.tile(mean, meanOf)
		k.tile(scale, scaled)
		c.Pool.Run(k.chunks(), sum)
		k.tile(shift, shiftOf)
		k.tile(slope, slopeOf)
		c.Pool.Run(k.chunks(), send)
	}
}
