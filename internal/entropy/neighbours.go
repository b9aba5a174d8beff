package entropy

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Neighbours are the distances of vectors from those nearest to them.
type Neighbours struct {
	// Distances has a row for each vector, the nearest neighbour first.
	Distances [][]float64
}

// Nearest returns the distances of each of v's vectors from the k that are nearest to
// it. It works on all cores; the result does not depend on how many there are.
func Nearest(ctx context.Context, v Vectors, k int) (*Neighbours, error) {
	if err := check(v, k); err != nil {
		return nil, err
	}
	d, err := measure(ctx, v)
	if err != nil {
		return nil, err
	}
	nearest := &Neighbours{Distances: make([][]float64, v.Len())}
	pool := poolFor(v)
	defer pool.Close()
	pool.Run(v.Len(), func(i int) { nearest.Distances[i] = d.nearest(i, k) })
	for i, row := range nearest.Distances {
		if row == nil {
			return nil, fmt.Errorf("entropy: vector %d of %d has no distance to all others: it, or another, holds NaN or infinite numbers", i, v.Len())
		}
	}
	return nearest, nil
}

// nearest returns the k least distances of vector i, in order; nil if one is no number.
func (d *distances) nearest(i, k int) []float64 {
	least := make([]float64, 0, k+1)
	for j := range d.vectors.Len() {
		if j == i {
			continue
		}
		s := d.squared(i, j)
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return nil
		}
		if len(least) == k && s >= least[k-1] {
			continue
		}
		at, _ := slices.BinarySearch(least, s)
		least = slices.Insert(least, at, s)
		least = least[:min(len(least), k)]
	}
	for n, s := range least {
		least[n] = math.Sqrt(s)
	}
	return least
}
