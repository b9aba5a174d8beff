package masks

import (
	"math"
	"slices"

	"ergon/internal/simd"
)

// sampled is how many synapses are looked at to guess a threshold.
const sampled = 1024

// selectBySample decides a contest of all synapses of its layers by a closer look
// at few of them: a sample says between which keys the k-th largest lies, all synapses
// are counted that are above, and those between are compared. It says whether it
// could: masks listed before, few synapses, or an unlucky sample prevent it.
func (m *competitive) selectBySample(step *Step, c *competition, k int) bool {
	n := 0
	for _, s := range step.Arrays {
		if m.of[s.Layer] == c && !m.KeepsAll(s) {
			n += len(s.Weights)
		}
	}
	if n < 16*sampled || !m.allContend(step, c) {
		return false
	}
	least, most := m.bracket(step, c, k, n)
	above := 0
	m.keys = m.keys[:0]
	for _, s := range step.Arrays {
		if m.of[s.Layer] == c && !m.KeepsAll(s) {
			above += m.appendBetween(m.values(s), least, most)
		}
	}
	if k <= above || k > above+len(m.keys) {
		return false
	}
	// Not m.threshold, which takes k keys for all there are.
	c.threshold[0] = max(kthLargest(m.keys, k-above), m.least())
	return true
}

// bracket returns keys between which that of the k-th of the n synapses of a contest
// lies as a rule: those of a sample's elements four deviations before and behind k's rank.
func (m *competitive) bracket(step *Step, c *competition, k, n int) (least, most uint32) {
	m.keys = m.keys[:0]
	stride := n / sampled
	at := 0
	for _, s := range step.Arrays {
		if m.of[s.Layer] != c || m.KeepsAll(s) {
			continue
		}
		values := m.values(s)
		for ; at < len(values); at += stride {
			m.keys = append(m.keys, Key(values[at])^m.flip)
		}
		at -= len(values)
	}
	slices.Sort(m.keys)
	last, share := len(m.keys)-1, float64(k)/float64(n)
	expected := share * float64(len(m.keys))
	margin := 4*math.Sqrt(expected*(1-share)) + 8
	least, most = m.keys[max(last-int(expected+margin), 0)], magnitudeBits
	if margin < expected {
		most = m.keys[last-int(expected-margin)]
	}
	return least, most
}

// appendBetween appends the keys of values that are least … most, and returns how
// many are above.
func (m *competitive) appendBetween(values []float32, least, most uint32) (above int) {
	m.places = slices.Grow(m.places[:0], len(values))[:len(values)]
	reaching := m.places[:simd.Reaching(values, m.flip, least, 0, m.places)]
	first, n := len(m.keys), 0
	m.keys = slices.Grow(m.keys, len(reaching))
	keys := m.keys[first : first+len(reaching)]
	for _, i := range reaching { // no branch that data decide
		k := Key(values[i]) ^ m.flip
		keys[n] = k
		n += AtLeast(most, k)
	}
	m.keys = m.keys[:first+n]
	return len(reaching) - n
}
