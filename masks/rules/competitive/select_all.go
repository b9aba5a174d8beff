package competitive

import (
	"slices"

	"ergon/internal/selection"
	"ergon/internal/simd"
)

// selectAll decides one competition among all candidates: its threshold is their k-th
// largest key. It tries a sample first, which needs every synapse to be a candidate.
func (m *competitive) selectAll(c *competition, k int, all bool) {
	if all {
		if key, ok := m.sample.KthLargest(m.values, m.flip, k); ok {
			c.threshold[0] = max(key, m.least())
			return
		}
	}
	m.keys = m.keys[:0]
	for n := range m.arrays {
		f := &m.arrays[n]
		if f.all { // a loop without calls: it takes most of the rule's time
			for _, v := range f.values {
				m.keys = append(m.keys, selection.Key(v)^m.flip)
			}
			continue
		}
		for _, i := range f.kept {
			m.keys = append(m.keys, selection.Key(f.values[i])^m.flip)
		}
	}
	c.threshold[0] = selection.Threshold(m.keys, k, m.least())
}

// appendAtLeast appends the numbers of the values whose key is at least the threshold;
// values[0] has number first.
func appendAtLeast(kept []int32, values []float32, first int, flip, threshold uint32) []int32 {
	n := len(kept)
	kept = slices.Grow(kept, len(values))
	return kept[:n+simd.Reaching(values, flip, threshold, first, kept[n:n+len(values)])]
}
