package pictures

import (
	"cmp"
	"fmt"
	"slices"

	"ergon/internal/canvas"
)

// mostTiles is how many images a figure has at most, and mostUnits how many units they show
// together, so that a figure of large images is none that no program opens.
const (
	mostTiles = 100
	mostUnits = 1 << 22
)

// shown returns how many of n images of the run's units are shown.
func (r *run) shown(n int) int { return min(n, mostTiles, max(1, mostUnits/r.visible())) }

// receptiveFields draws the weights of the hidden units with the longest vectors of weights,
// the longest first.
func (r *run) receptiveFields(format string) canvas.Canvas {
	fields := r.fields()
	order := make([]int, len(fields))
	for j := range order {
		order[j] = j
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(squared(fields[j]), squared(fields[i])) })
	g := &grid{height: r.height, width: r.width}
	for _, j := range order[:r.shown(len(fields))] {
		g.tiles = append(g.tiles, fields[j])
	}
	g.square()
	s := diverging(g.tiles)
	g.colour = s.colour
	return (&page{
		title: r.name + ": receptive fields", grid: g, scale: s,
		words: []string{fmt.Sprintf("weights of %d of %d hidden units, the largest |w| first; one scale for all", len(g.tiles), r.hidden)},
	}).draw(format)
}

// fields returns the columns of W.
func (r *run) fields() [][]float64 {
	columns := make([][]float64, r.hidden)
	for k, w := range r.weights {
		columns[k%r.hidden] = append(columns[k%r.hidden], w)
	}
	return columns
}

func squared(x []float64) (sum float64) {
	for _, v := range x {
		sum += v * v
	}
	return sum
}
