package likelihood

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ergon/internal/finite"
	"ergon/internal/parallel"
	"ergon/internal/simd"
)

// Adversarial is the adversarial accuracy of a nearest neighbour that has to tell data from samples
// (Yale et al. 2020): in the pool of n data and n samples, the share of points whose nearest
// other is of their own kind, by Euclidean distance, which orders 0 and 1 as Hamming's does.
// Perfect samples have ½. Above it, samples are not like data; below it, they are copies
// of them. Of equally near points each counts by its share.
type Adversarial struct {
	Truth     float64 // AA_truth: of data
	Synthetic float64 // AA_syn: of samples
	// StandardError of either if samples are distributed as data: over all ways to call half of
	// these points data. Points that are the nearest of many others make it more than that
	// of n coins.
	StandardError float64
	// Accuracy is the mean of both, and AccuracyError its standard error, as above.
	Accuracy, AccuracyError float64
}

// AdversarialAccuracy compares n ≥ 2 data and as many samples, rows [n,d], in time 4n²d. A point is
// never its own neighbour, so that equal distributions have (n-1)/(2n-1), 1/4n below ½.
func AdversarialAccuracy(ctx context.Context, pool *parallel.Pool, data, samples []float32, d int) (*Adversarial, error) {
	switch {
	case d < 1 || len(data)%d != 0 || len(data) < 2*d:
		return nil, fmt.Errorf("likelihood: data of %d numbers; want two or more rows of %d", len(data), d)
	case len(samples) != len(data):
		return nil, fmt.Errorf("likelihood: %d numbers of samples and %d of data; give as many samples as data", len(samples), len(data))
	case !finite.All(data) || !finite.All(samples):
		return nil, fmt.Errorf("likelihood: data or samples hold NaN or infinite numbers")
	}
	points := pack(append(append([]float32(nil), data...), samples...), d)
	nearest := make([][]int32, 2*len(data)/d)
	err := each(ctx, pool, len(points), nil, func(p int) { findNearest(nearest, points, p) })
	if err != nil {
		return nil, err
	}
	return adversarial(nearest), nil
}

// adversarial counts: nearest has those of each point, the first half being data.
func adversarial(nearest [][]int32) *Adversarial {
	n := len(nearest) / 2
	isData := func(i int) bool { return i < n }
	var own [2]float64                      // points whose nearest is of their kind: data, samples
	sought := make([]float64, len(nearest)) // how many points a point is the nearest of
	pairs := 0.0                            // Σ_ij g_ij² + g_ij g_ji, with g_ij the share of j in the nearest of i
	for i, all := range nearest {
		share := 1 / float64(len(all))
		pairs += share
		for _, j := range all {
			sought[j] += share
			if _, mutual := slices.BinarySearch(nearest[j], int32(i)); mutual {
				pairs += share / float64(len(nearest[j]))
			}
			if isData(i) == isData(int(j)) {
				own[i/n] += share
			}
		}
	}
	// With kinds s = ±1 the number of data that have a datum next to them is
	//   ¼ Σ_i (1 + s_i) Σ_j g_ij (1 + s_j) = ¼ (2n + Σ_ij g_ij s_i s_j + Σ_j s_j Σ_i g_ij),
	// as Σ s = 0. Over random s the first sum has the variance Σ g_ij² + g_ij g_ji, the
	// second that of how often a point is sought.
	hubs := 0.0
	for _, s := range sought {
		hubs += (s - 1) * (s - 1)
	}
	count := float64(n)
	return &Adversarial{
		Truth: own[0] / count, Synthetic: own[1] / count, StandardError: math.Sqrt(pairs+hubs) / (4 * count),
		Accuracy: (own[0] + own[1]) / (2 * count), AccuracyError: math.Sqrt(pairs) / (4 * count),
	}
}

// pack writes rows [n,d] side by side in panels of simd.PanelWidth; the last is filled up with zeros.
func pack(rows []float32, d int) (panels [][]float64) {
	const width = simd.PanelWidth
	for k := 0; k*d < len(rows); k++ {
		if k%width == 0 {
			panels = append(panels, make([]float64, d*width))
		}
		for c, x := range rows[k*d : (k+1)*d] {
			panels[k/width][c*width+k%width] = float64(x)
		}
	}
	return panels
}

// findNearest finds the nearest others of the points of panel p, all of those that are equally near,
// in order.
func findNearest(nearest [][]int32, panels [][]float64, p int) {
	const width = simd.PanelWidth
	var least [width]float64
	for q, panel := range panels {
		var squares [width * width]float64
		simd.SquaredDistances(&squares, panels[p], panel)
		for i := range min(width, len(nearest)-p*width) {
			for j := range min(width, len(nearest)-q*width) {
				point, other, square := p*width+i, q*width+j, squares[width*i+j]
				switch {
				case point == other:
				case len(nearest[point]) == 0 || square < least[i]:
					least[i] = square
					nearest[point] = append(nearest[point][:0], int32(other))
				case square == least[i]:
					nearest[point] = append(nearest[point], int32(other))
				}
			}
		}
	}
}
