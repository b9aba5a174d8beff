package rbmmodes

import (
	"math"
	"slices"

	"ergon/internal/philox"
)

// mask says which synapses may change in an update.
type mask interface {
	// draw writes them to plastic, [H][V]. Slope is what the weights would follow.
	draw(update uint64, slope [][]float64, plastic [][]bool)
}

// masks are the kinds of mask by name. Those that do not look at the slope are blind: the
// mean over them of a linear step is the step with pε in place of ε.
var masks = map[string]struct {
	blind bool
	new   func(p float64, stream philox.Stream) mask
}{
	"none":        {true, func(float64, philox.Stream) mask { return bernoulli{p: 1} }},
	"bernoulli":   {true, func(p float64, stream philox.Stream) mask { return bernoulli{p, stream} }},
	"neurons":     {true, func(p float64, stream philox.Stream) mask { return neurons{p, stream} }},
	"competitive": {false, func(p float64, _ philox.Stream) mask { return competitive{p} }},
}

// bernoulli keeps each synapse with probability p.
type bernoulli struct {
	p      float64
	stream philox.Stream
}

func (b bernoulli) draw(update uint64, _ [][]float64, plastic [][]bool) {
	for j, row := range plastic {
		words := drawn(b.stream, update, uint64(j*words(len(row))), b.p, len(row))
		for i := range row {
			row[i] = words[i/64]>>(i%64)&1 == 1
		}
	}
}

// neurons keeps the synapses of each hidden unit with probability p.
type neurons struct {
	p      float64
	stream philox.Stream
}

func (n neurons) draw(update uint64, _ [][]float64, plastic [][]bool) {
	kept := drawn(n.stream, update, 0, n.p, len(plastic))
	for j, row := range plastic {
		for i := range row {
			row[i] = kept[j/64]>>(j%64)&1 == 1
		}
	}
}

// words returns how many words of 64 bits hold n of them.
func words(n int) int { return (n + 63) / 64 }

// drawn returns n bits, from a word of the update on, that are 1 with probability p.
func drawn(stream philox.Stream, update, first uint64, p float64, n int) []uint64 {
	bits := make([]uint64, words(n))
	stream.Below(update, first, philox.Threshold(p), bits)
	return bits
}

// competitive keeps the k = n - round((1-p)(n-1)) synapses of the largest slope, and all
// that tie with the k-th.
type competitive struct{ p float64 }

func (c competitive) draw(_ uint64, slope [][]float64, plastic [][]bool) {
	var sizes []float64
	for _, row := range slope {
		for _, g := range row {
			sizes = append(sizes, math.Abs(g))
		}
	}
	slices.Sort(sizes)
	least := sizes[int(math.RoundToEven((1-c.p)*float64(len(sizes)-1)))]
	for j, row := range slope {
		for i, g := range row {
			plastic[j][i] = math.Abs(g) >= least && g != 0
		}
	}
}
