package masks

import (
	"math"
	"slices"

	"ergon/internal/simd"
)

// sampled is how many synapses are looked at to guess a threshold.
const sampled = 1024

// compareLargest decides a contest of all synapses of its layers that few of them
// win, without looking at the others closely: a sample says above which threshold
// some more than k are, and the k-th of those is the k-th of all. It says whether
// it could: masks listed before, many winners, or an unlucky sample prevent it.
func (m *competitive) compareLargest(step *Step, c *contest, k int) bool {
	n := 0
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		for _, before := range step.Before {
			if !before.KeepsAll(s) {
				return false
			}
		}
		n += len(s.Weights)
	}
	if k < 1 || 5*k > n || n < 16*sampled {
		return false
	}
	threshold := m.guess(step, c, k, n)
	m.keys = m.keys[:0]
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		values := m.values(s)
		m.few = slices.Grow(m.few[:0], len(values))
		for _, i := range m.few[:simd.Reaching(values, m.flip, threshold, 0, m.few[:len(values)])] {
			m.keys = append(m.keys, key(values[i])^m.flip)
		}
	}
	if len(m.keys) < k {
		return false
	}
	// Not m.threshold, which takes k keys for all there are.
	c.threshold[0] = max(kthLargest(m.keys, k), m.least())
	return true
}

// guess returns a key that a few more than k of the n synapses of a contest reach
// as a rule: that of a sample's element whose rank lies four deviations behind k's.
func (m *competitive) guess(step *Step, c *contest, k, n int) uint32 {
	m.keys = m.keys[:0]
	stride := n / sampled
	at := 0
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		values := m.values(s)
		for ; at < len(values); at += stride {
			m.keys = append(m.keys, key(values[at])^m.flip)
		}
		at -= len(values)
	}
	slices.Sort(m.keys)
	expected := float64(k) * float64(len(m.keys)) / float64(n)
	rank := int(expected + 4*math.Sqrt(expected) + 8)
	return m.keys[max(len(m.keys)-1-rank, 0)]
}
