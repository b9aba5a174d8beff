package caching

import (
	"ergon/internal/parallel"
	"ergon/masks"
)

// chunk is a group of a layer's synapses that one worker consolidates. Chunks depend on
// the network's shape alone, so that sums over them have the same bits on any number of
// cores.
type chunk struct {
	layer     int
	rows      []rows
	threshold []float32 // [width] of |s|, of each column; 0 consolidates all, +Inf nothing
	largest   []float32 // [width] max|s| of each column; nil: nobody asks
	sums      []float64 // [width] Σ|s| of each column; nil: nobody asks
}

// rows are rows of width neighbouring synapses of one array. They begin at synapses
// first, first+stride, … below end.
type rows struct{ array, first, end, stride, width int }

// synapseChunks divides arrays into the chunks of masks.Chunks, a single row each, with
// threshold theta for every synapse.
func synapseChunks(all []*masks.Synapses, theta float32) (chunks []chunk) {
	threshold := make([]float32, masks.ChunkSize)
	for j := range threshold {
		threshold[j] = theta
	}
	for _, c := range masks.Chunks(all) {
		width := c.Hi - c.Lo
		chunks = append(chunks, chunk{all[c.Array].Layer, []rows{{c.Array, c.Lo, c.Hi, width, width}}, threshold, nil, nil})
	}
	return chunks
}

// unitChunks divides layers into groups of units, each with all synapses onto them,
// biases included. A group is large enough to be worth waking a worker, and so wide that a
// row of it is some cache lines, and whole vectors unless it is the last.
func unitChunks(all []*masks.Synapses, variant string) (chunks []chunk) {
	const line = 16 // synapses in a cache line, or a vector
	for a, s := range all {
		if a > 0 && all[a-1].Layer == s.Layer {
			continue // biases, which are with their weights; those of a tied layer stand alone
		}
		lines := (s.Out + line - 1) / line
		groups := min(max(s.In*s.Out/(4*masks.ChunkSize), 1), max(lines/2, 1))
		for g := range groups {
			lo, hi := parallel.Split(lines, groups, g)
			lo, hi = line*lo, min(line*hi, s.Out)
			c := chunk{layer: s.Layer, threshold: make([]float32, hi-lo)}
			if variant == "neuron_sum" {
				c.sums = make([]float64, hi-lo)
			} else {
				c.largest = make([]float32, hi-lo)
			}
			c.rows = append(c.rows, rows{a, lo, s.In * s.Out, s.Out, hi - lo})
			if a+1 < len(all) && all[a+1].Layer == s.Layer {
				c.rows = append(c.rows, rows{a + 1, lo, s.Out, s.Out, hi - lo})
			}
			chunks = append(chunks, c)
		}
	}
	return chunks
}
