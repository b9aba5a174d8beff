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
	reached   []float64 // [width] of each column: max|s| or Σ|s|; nil if each synapse has its own threshold θ
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
		chunks = append(chunks, chunk{all[c.Array].Layer, []rows{{c.Array, c.Lo, c.Hi, width, width}}, threshold, nil})
	}
	return chunks
}

// unitChunks divides layers into groups of units, each with all synapses onto them,
// biases included. A group is large enough to be worth waking a worker, and at least as
// wide as a cache line.
func unitChunks(all []*masks.Synapses) (chunks []chunk) {
	for a, s := range all {
		if a > 0 && all[a-1].Layer == s.Layer {
			continue // biases, which are with their weights; those of a tied layer stand alone
		}
		groups := min(max(s.In*s.Out/(4*masks.ChunkSize), 1), max(s.Out/16, 1))
		for g := range groups {
			lo, hi := parallel.Split(s.Out, groups, g)
			c := chunk{layer: s.Layer, threshold: make([]float32, hi-lo), reached: make([]float64, hi-lo)}
			c.rows = append(c.rows, rows{a, lo, s.In * s.Out, s.Out, hi - lo})
			if a+1 < len(all) && all[a+1].Layer == s.Layer {
				c.rows = append(c.rows, rows{a + 1, lo, s.Out, s.Out, hi - lo})
			}
			chunks = append(chunks, c)
		}
	}
	return chunks
}
