package likelihood

import (
	"context"
	"fmt"
	"math"
	"slices"

	"ergon/graph/boltzmann"
	"ergon/internal/philox"
)

// Steps of a stream from which Sample draws.
const (
	drawState = iota // a number for each row
	drawUnits        // a word for each visible unit
)

// Sample returns n ≥ 1 independent rows [n,V], distributed as p(v) exactly: it draws a state of
// the enumerated side from the table of their probabilities, then the visible units
// given the hidden. Row k depends on the machine, the stream and k alone. Errors are those of LnZ.
func (x *Exact) Sample(ctx context.Context, m *boltzmann.Machine, n int, stream philox.Stream) ([]float32, error) {
	if n < 1 {
		return nil, fmt.Errorf("likelihood: %d samples; ask for one or more", n)
	}
	e, err := enumerate(m)
	if err != nil {
		return nil, err
	}
	sums, err := x.sums(ctx, e)
	if err != nil {
		return nil, err
	}
	rows := make([]float32, n*len(m.Visible))
	draws, chunks := deal(sums, n, stream)
	err = each(ctx, x.Pool, len(chunks), nil, func(i int) {
		chunk := chunks[i]
		e.choose(chunk, sums[chunk].value(), draws[chunk])
		for _, d := range draws[chunk] {
			e.visible(rows[d.row*len(m.Visible):(d.row+1)*len(m.Visible)], d, stream)
		}
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// draw is where a row's number lies: in its chunk, at a quantile 0 … 1, hence a state.
type draw struct {
	row      int
	quantile float64
	state    int
}

// deal gives each row its chunk. It returns the draws of each chunk, and those that have any, in order.
func deal(sums []logSum, n int, stream philox.Stream) (draws [][]draw, chunks []int) {
	all, upTo := newLogSum(), make([]float64, len(sums)+1)
	for _, s := range sums {
		all.addSum(s)
	}
	for c, s := range sums {
		upTo[c+1] = upTo[c] + math.Exp(s.value()-all.value())
	}
	draws = make([][]draw, len(sums))
	for row := range n {
		u := stream.Float64(drawState, uint64(row)) * upTo[len(sums)]
		c, found := slices.BinarySearch(upTo, u)
		if !found {
			c--
		}
		c = min(c, len(sums)-1)
		draws[c] = append(draws[c], draw{row: row, quantile: (u - upTo[c]) / (upTo[c+1] - upTo[c])})
	}
	for c := range draws {
		if len(draws[c]) > 0 {
			chunks = append(chunks, c)
		}
	}
	return draws, chunks
}

// choose finds the state of each draw of a chunk, the sum of whose weights has this logarithm.
func (e *enumeration) choose(chunk int, lnSum float64, draws []draw) {
	slices.SortStableFunc(draws, func(a, b draw) int {
		switch {
		case a.quantile < b.quantile:
			return -1
		case a.quantile > b.quantile:
			return 1
		}
		return 0
	})
	next, upTo, last := 0, 0.0, 0
	e.walk(chunk, func(state int, lnWeight float64) {
		upTo += math.Exp(lnWeight - lnSum)
		last = state
		for next < len(draws) && draws[next].quantile < upTo {
			draws[next].state = state
			next++
		}
	})
	for ; next < len(draws); next++ { // the sum has rounded to less than 1
		draws[next].state = last
	}
}

// visible writes the visible units of a draw.
func (e *enumeration) visible(row []float32, d draw, stream philox.Stream) {
	if !e.hidden {
		for i := range row {
			row[i] = float32(d.state >> i & 1)
		}
		return
	}
	fields, x, words := make([]float64, len(row)), make([]float64, len(row)), make([]uint32, whole(len(row)))
	e.at(d.state, fields)
	fill(words, stream, drawUnits, uint64(d.row)*uint64(len(words)))
	e.other.Sample(x, fields, words)
	for i := range row {
		row[i] = float32(x[i])
	}
}

// whole rounds up to the words of whole blocks, which rows begin with.
func whole(n int) int { return (n + 3) / 4 * 4 }

// fill writes words first, first+1, … of a step; first and their number are multiples of 4.
func fill(words []uint32, stream philox.Stream, step, first uint64) {
	for i := 0; i+4 <= len(words); i += 4 {
		*(*[4]uint32)(words[i:]) = stream.Block(step, first/4+uint64(i/4))
	}
}
