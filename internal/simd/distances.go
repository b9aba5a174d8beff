package simd

import "math"

// PanelWidth is how many vectors stand side by side in a panel of
// [SquaredDistances].
const PanelWidth = 8

// SquaredDistances adds (a[8c+i] - b[8c+j])² to sums[8i+j] for every component c of two
// panels of eight vectors each, which are as long as a. It adds one component after the
// other, by fused multiply-add. Differences of nearly equal vectors keep their digits,
// which products of the vectors would not.
func SquaredDistances(sums *[PanelWidth * PanelWidth]float64, a, b []float64) {
	b = b[:len(a)]
	if len(a) == 0 || squaredDistancesVectors(sums, a, b) {
		return
	}
	for ; len(a) >= PanelWidth; a, b = a[PanelWidth:], b[PanelWidth:] {
		others := (*[PanelWidth]float64)(b)
		for i, x := range a[:PanelWidth] {
			row := (*[PanelWidth]float64)(sums[PanelWidth*i:])
			for j, y := range others {
				d := y - x
				row[j] = math.FMA(d, d, row[j])
			}
		}
	}
}
