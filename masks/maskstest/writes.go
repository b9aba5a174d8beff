package maskstest

import (
	"slices"

	"pgregory.net/rapid"

	"ergon/masks"
)

// WriteCounter is a Stepper that counts how often each synapse was written.
type WriteCounter interface {
	Stepper
	Writes() *masks.Writes
}

// endurance checks counts of writes against what steps change. Permanent weights are looked at
// before and after, synapse by synapse.
type endurance struct {
	all    []*masks.Synapses
	weight [][]float32  // permanent ones, after the last step
	counts masks.Counts // after it
	begins bool         // the next step is the first, before which a projection puts the weights to their lengths
}

// newEndurance begins to look on.
func newEndurance(s WriteCounter, n *Network, c *trial) *endurance {
	e := &endurance{all: masks.Arrays(c.net.Layers)}
	_, target := c.rule.Projected(c.net, nil)
	e.begins = target != nil
	e.note(s, n)
	return e
}

// note takes copies.
func (e *endurance) note(s WriteCounter, n *Network) {
	e.weight, e.counts = nil, nil
	for _, w := range permanent(s, n) {
		e.weight = append(e.weight, slices.Clone(w))
	}
	for _, c := range s.Writes().Counts {
		e.counts = append(e.counts, slices.Clone(c))
	}
}

// permanent are the weights that count as written.
func permanent(s Stepper, n *Network) [][]float32 {
	if m := s.Memory(); m != nil && m.Permanent() != nil {
		return m.Permanent()
	}
	return n.Weights()
}

// check reports a synapse whose permanent weight is another than before the step and that was not counted
// once, one that was counted more often, and counts that are not M0.
func (e *endurance) check(t *rapid.T, s WriteCounter, n *Network) {
	now, writes := permanent(s, n), s.Writes()
	if writes.Unknown != "" {
		if _, ok := s.Memory().(masks.WriteCounting); ok || s.Memory() == nil {
			t.Fatalf("writes are not counted: %s", writes.Unknown)
		}
		return
	}
	counted := make([]int64, len(s.Changes()))
	for a, array := range e.all {
		for i, c := range writes.Counts[a] {
			more, changed := c-e.counts[a][i], now[a][i] != e.weight[a][i]
			if more > 1 || changed && more != 1 && !e.begins {
				t.Fatalf("synapse %d of array %d: %v, then %v, which was counted as %d writes", i, a, e.weight[a][i], now[a][i], more)
			}
			counted[array.Layer] += int64(more)
		}
	}
	for l, got := range counted {
		if want := permanentM0(s, l); got != want {
			t.Fatalf("layer %d: %d synapses were counted as written, and M0 is %d", l+1, got, want)
		}
	}
	e.note(s, n)
}

// permanentM0 is how many synapses of a layer the last step wrote.
func permanentM0(s Stepper, layer int) int64 {
	if _, ok := s.Memory().(masks.Accumulator); !ok && s.Memory() != nil {
		return s.Memory().Consolidations()[layer].M0
	}
	return s.Changes()[layer].M0
}

// compareWrites reports a synapse that one has written more often than the other.
func compareWrites(t rapid.TB, fast, slow WriteCounter) {
	got, want := fast.Writes(), slow.Writes()
	if got.Unknown != want.Unknown {
		t.Fatalf("writes are not counted because %q, by the reference because %q", got.Unknown, want.Unknown)
	}
	for a := 0; a < len(want.Counts) && want.Unknown == ""; a++ {
		for i, n := range want.Counts[a] {
			if got.Counts[a][i] != n {
				t.Fatalf("synapse %d of array %d was written %d times, by the reference %d", i, a, got.Counts[a][i], n)
			}
		}
	}
}
