package mixture

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// chunk is how many paths are computed as one part. It does not depend on the
// number of cores, and sums over parts are added in order: neither do results.
const chunk = 256

// parts returns how many chunks n paths are.
func parts(n int) int { return (n + chunk - 1) / chunk }

// part returns the paths of chunk i of n.
func part(n, i int) (lo, hi int) { return i * chunk, min((i+1)*chunk, n) }

// normals returns the number 1 for each of n paths and then k lists of numbers
// N(0, 1) whose products with each other and with 1 are on average exactly those
// of independent ones: what is linear or quadratic in them is averaged without
// noise. n must be above k.
func normals(ctx context.Context, pool *parallel.Pool, stream philox.Stream, k, n int) ([][]float64, error) {
	all := make([]float64, (k+1)*n)
	lists := make([][]float64, k+1)
	sums := make([][]float64, parts(n))
	for t := range lists {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		lists[t] = all[t*n : (t+1)*n : (t+1)*n]
		pool.Run(len(sums), func(i int) { sums[i] = draw(stream, lists, t, i) })
		fit := fitted(added(sums), 1)
		pool.Run(len(sums), func(i int) {
			lo, hi := part(n, i)
			fit.apply(lists[t][lo:hi], stretch(lists[:t], lo, hi))
		})
	}
	return lists, nil
}

// draw fills a part of list t and returns its products.
func draw(stream philox.Stream, lists [][]float64, t, i int) []float64 {
	lo, hi := part(len(lists[t]), i)
	list := lists[t][lo:hi]
	var raw [chunk]float32
	stream.Normals(uint64(t), uint64(lo), raw[:len(list)])
	for j := range list {
		list[j] = float64(raw[j])
		if t == 0 {
			list[j] = 1
		}
	}
	sums := products(list, stretch(lists[:t], lo, hi))
	floats.Scale(1/float64(len(lists[t])), sums)
	return sums
}

// stretch returns the paths lo … hi-1 of each list.
func stretch(lists [][]float64, lo, hi int) [][]float64 {
	some := make([][]float64, len(lists))
	for t, list := range lists {
		some[t] = list[lo:hi:hi]
	}
	return some
}

// added returns the sum of lists, in order.
func added(lists [][]float64) []float64 {
	sum := make([]float64, len(lists[0]))
	for _, list := range lists {
		floats.Add(sum, list)
	}
	return sum
}

// cholesky is the lower triangular factor of a covariance that grows with time.
type cholesky [][]float64

// resolution is the share of a variance below which what earlier times leave
// open is not drawn. Learning that comes to rest leaves nothing open, and what is
// computed of less than the root of the rounding error is all rounding error.
const resolution = 1e-8

// grow adds the row of the factor that belongs to the next row of the covariance.
func (l *cholesky) grow(covariance []float64) {
	t := len(*l)
	row := make([]float64, t+1)
	for s, known := range *l {
		if known[s] > 0 {
			row[s] = (covariance[s] - floats.Dot(row[:s], known[:s])) / known[s]
		}
	}
	if left := covariance[t] - floats.Dot(row[:t], row[:t]); left > resolution*covariance[t] {
		row[t] = math.Sqrt(left)
	}
	*l = append(*l, row)
}
