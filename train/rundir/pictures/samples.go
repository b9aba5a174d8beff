package pictures

import (
	"fmt"
	"slices"
	"strconv"

	"ergon/internal/canvas"
)

// meansAre says what is drawn of a chain.
const meansAre = "means of the visible units given the means of the hidden ones, given the state of a chain"

// samples draws what the chains are at the end.
func (r *run) samples(format string) canvas.Canvas {
	if r.chains == nil || len(r.chains.means) == 0 {
		return nil
	}
	g := &grid{tiles: r.chains.means[:r.shown(len(r.chains.means))], height: r.height, width: r.width}
	g.square()
	s := ink(g.tiles)
	g.colour = s.colour
	return (&page{
		title: r.name + ": samples", grid: g, scale: s,
		words: []string{fmt.Sprintf("%d chains at the end:", len(g.tiles)), meansAre},
	}).draw(format)
}

// chainsOverTime draws the first chains, a row each, at evaluations and at the end.
func (r *run) chainsOverTime(format string) canvas.Canvas {
	if r.chains == nil || r.chains.perFrame() == 0 {
		return nil
	}
	columns, heads := r.columns()
	rows := min(len(columns[0]), max(1, mostUnits/(r.visible()*len(columns))))
	g := &grid{height: r.height, width: r.width, columns: len(columns)}
	for c := range rows {
		for _, frame := range columns {
			g.tiles = append(g.tiles, frame[c])
		}
	}
	s := ink(g.tiles)
	g.colour = s.colour
	return (&page{
		title: r.name + ": chains over time", grid: g, heads: heads, scale: s,
		words: []string{fmt.Sprintf("%d chains, a row each, after as many steps as stand above:", rows), meansAre},
	}).draw(format)
}

// columns returns the frames, each with the steps after which it was taken, and what the same
// chains are at the end unless that is the last frame.
func (r *run) columns() (columns [][][]float64, heads []string) {
	c := r.chains
	for frame := range slices.Chunk(c.frames, c.perFrame()) {
		heads = append(heads, strconv.FormatFloat(c.steps[len(columns)], 'f', -1, 64))
		columns = append(columns, frame)
	}
	end := c.means[:c.perFrame()]
	if !slices.EqualFunc(columns[len(columns)-1], end, slices.Equal[[]float64]) {
		columns, heads = append(columns, end), append(heads, "end")
	}
	return columns, heads
}
