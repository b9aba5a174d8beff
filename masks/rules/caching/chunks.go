package caching

import (
	"math"

	"ergon/internal/parallel"
	"ergon/masks"
)

// chunk is a share of a layer's synapses that is consolidated by itself. Parts depend
// on the network's shape alone, so that sums over them are the same bits on any
// number of cores.
type chunk struct {
	layer     int
	rows      []rows
	threshold []float32 // of each column; 0 consolidates all, +Inf nothing
	reached   []float64 // of each column: what is held against θ; nil where synapses are looked at one by one
}

// rows are stretches of equal width of one array: first, first+stride … below end.
type rows struct{ array, first, end, stride, width int }

// synapseChunks cuts arrays into stretches of neighbouring synapses, all of one threshold.
func synapseChunks(all []*masks.Synapses, theta float32) (parts []chunk) {
	threshold := make([]float32, masks.ChunkSize)
	for j := range threshold {
		threshold[j] = theta
	}
	for _, c := range masks.Chunks(all) {
		width := c.Hi - c.Lo
		parts = append(parts, chunk{all[c.Array].Layer, []rows{{c.Array, c.Lo, c.Hi, width, width}}, threshold, nil})
	}
	return parts
}

// unitChunks cuts layers into groups of units, each with all synapses onto them,
// biases included. A group is worth a goroutine's wake-up, and no narrower than
// a cache line.
func unitChunks(all []*masks.Synapses) (parts []chunk) {
	for a, s := range all {
		if s.Bias {
			continue
		}
		groups := min(max(s.In*s.Out/(4*masks.ChunkSize), 1), max(s.Out/16, 1))
		for g := range groups {
			lo, hi := parallel.Split(s.Out, groups, g)
			p := chunk{layer: s.Layer, threshold: make([]float32, hi-lo), reached: make([]float64, hi-lo)}
			p.rows = append(p.rows, rows{a, lo, s.In * s.Out, s.Out, hi - lo})
			if a+1 < len(all) && all[a+1].Bias {
				p.rows = append(p.rows, rows{a + 1, lo, s.Out, s.Out, hi - lo})
			}
			parts = append(parts, p)
		}
	}
	return parts
}

// crossed finds out which units of a part have reached θ: by their largest |s|,
// or by Σ|s|, and sets their thresholds.
func (m *synaptic) crossed(p *chunk) {
	clear(p.reached)
	for _, rows := range p.rows {
		w, l := m.all[rows.array].Weights, m.permanent[rows.array]
		for lo := rows.first; lo < rows.end; lo += rows.stride {
			if m.Variant == "neuron_sum" {
				addMagnitudes(p.reached, w[lo:lo+rows.width], l[lo:lo+rows.width])
			} else {
				maxMagnitudes(p.reached, w[lo:lo+rows.width], l[lo:lo+rows.width])
			}
		}
	}
	for j, reached := range p.reached {
		p.threshold[j] = float32(math.Inf(1))
		if reached >= m.Theta {
			p.threshold[j] = 0
		}
	}
}

// addMagnitudes adds |w - l| to sum.
func addMagnitudes(sum []float64, w, l []float32) {
	w, l = w[:len(sum)], l[:len(sum)]
	for j := range sum {
		sum[j] += float64(magnitude(w[j] - l[j]))
	}
}

// maxMagnitudes raises largest to |w - l|.
func maxMagnitudes(largest []float64, w, l []float32) {
	w, l = w[:len(largest)], l[:len(largest)]
	for j := range largest {
		if a := float64(magnitude(w[j] - l[j])); a > largest[j] {
			largest[j] = a
		}
	}
}
