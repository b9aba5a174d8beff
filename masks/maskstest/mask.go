package maskstest

import (
	"fmt"
	"math"
	"slices"

	"pgregory.net/rapid"

	"ergon/internal/schema"
	"ergon/masks"
)

// checkMask: a mask keeps its contract in a few steps, alone and behind another one.
func checkMask(t *rapid.T, kind schema.Kind) {
	net, rule := drawOf(t, "mask", kind)
	if rapid.Bool().Draw(t, "behind another") {
		before, err := Decode(map[string]any{"mask": drawKind(t, "before", kindsOf("mask"), net)})
		if err != nil || !fits(before, net) {
			return
		}
		rule.Mask = append(before.Mask, rule.Mask...)
	}
	seed, batch := rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "batch")
	if err := CheckMasks(&rule, net, seed, batch); err != nil {
		t.Fatal(err)
	}
}

// CheckMasks reports in what the last of a rule's masks breaks its contract, or claims a
// capability that does not agree with what it selects, in a few steps of a network.
func CheckMasks(rule *masks.Rule, net masks.Network, seed uint64, batch int) error {
	n, all := NewNetwork(net.Layers, seed), masks.Arrays(net.Layers)
	drawn, err := rule.NewMasks(net, seed)
	if err != nil {
		return err
	}
	again, err := rule.NewMasks(net, seed) // begun without gradients, or twice
	if err != nil {
		return err
	}
	last := len(drawn) - 1
	for number := range uint64(3) {
		step := masks.Step{Number: number, Arrays: all, Outer: batch == 1}
		if step.Presentation, err = n.Present(number, batch, true, nil); err != nil {
			return err
		}
		if err := bind(all, n, false); err != nil {
			return err
		}
		if err := masks.Draw(drawn, &step); err != nil {
			return err
		}
		sets := make([][]bool, len(all))
		for a, s := range all {
			if sets[a], err = checkSelect(drawn[last], s); err != nil {
				return fmt.Errorf("step %d, array %d: %w", number, a, err)
			}
			if err := checkCapabilities(drawn, s, sets[a]); err != nil {
				return fmt.Errorf("step %d, array %d: %w", number, a, err)
			}
		}
		if err := checkGradientFree(again, n, all, step, sets); err != nil {
			return fmt.Errorf("step %d: %w", number, err)
		}
		if err := checkDrawnAhead(again, n, all, step, sets); err != nil {
			return fmt.Errorf("step %d: %w", number, err)
		}
	}
	if _, err := remembered(drawn[last], -1); err != nil {
		return fmt.Errorf("a checkpoint cannot carry it: %w", err)
	}
	return nil
}

// bind points arrays at a network's weights and gradients.
func bind(all []*masks.Synapses, n *Network, lazy bool) error {
	for a, s := range all {
		if _, _, err := s.Bind(a, n.Parameters[a], lazy); err != nil {
			return err
		}
	}
	return nil
}

// checkSelect returns what a mask keeps of an array: all of it, or what it selects, which
// ascends, lies in the chunk that was asked for, and does not depend on the chunks. Weights
// outside of a chunk are NaN meanwhile: other workers may have changed them.
func checkSelect(m masks.Mask, s *masks.Synapses) ([]bool, error) {
	n := s.In * s.Out
	if m.KeepsAll(s) {
		return slices.Repeat([]bool{true}, n), nil
	}
	whole := m.Select(s, 0, n, nil)
	for k, i := range whole {
		if i < 0 || int(i) >= n || k > 0 && whole[k-1] >= i {
			return nil, fmt.Errorf("selects %s of %d synapses: want ascending numbers of them", few(whole), n)
		}
	}
	weights := s.Weights
	defer func() { s.Weights = weights }()
	unread := slices.Repeat([]float32{float32(math.NaN())}, n)
	s.Weights = slices.Clone(unread)
	for _, width := range []int{1, 7, 64} {
		kept := []int32{-1} // what is there stays there
		for lo := 0; lo < n; lo += width {
			hi := min(lo+width, n)
			copy(s.Weights[lo:hi], weights[lo:hi])
			kept = m.Select(s, lo, hi, kept)
			copy(s.Weights[lo:hi], unread)
		}
		if !slices.Equal(kept[1:], whole) || kept[0] != -1 {
			return nil, fmt.Errorf("selects %s as a whole, and %s in chunks of %d; it may read the weights of [lo,hi) only", few(whole), few(kept[1:]), width)
		}
	}
	return setOf(whole, n), nil
}

// few shows some numbers, not all of a long list.
func few(numbers []int32) string {
	const most = 12
	if len(numbers) <= most {
		return fmt.Sprint(numbers)
	}
	return fmt.Sprintf("%v and %d more", numbers[:most], len(numbers)-most)
}

// checkCapabilities compares what the last mask says of an array by its capabilities with
// the set that it selects.
func checkCapabilities(all []masks.Mask, s *masks.Synapses, set []bool) error {
	m, n := all[len(all)-1], s.In*s.Out
	if m.KeepsAll(s) {
		return nil // they are not asked
	}
	if b, ok := m.(masks.UnitBlock); ok {
		if got := setOf(b.Block(s).Select(s.Out, 0, n, nil), n); !slices.Equal(got, set) {
			return disagree("Block", got, set)
		}
	}
	if b, ok := m.(masks.Bitmask); ok {
		words := make([]uint64, (n+63)/64)
		b.Bits(s, 0, words)
		if len(words) > 1 { // from further on
			b.Bits(s, 64, words[1:])
		}
		got, ones := make([]bool, n), 0.0
		for i := range got {
			if got[i] = words[i/64]>>(i%64)&1 == 1; got[i] {
				ones++
			}
		}
		if !slices.Equal(got, set) {
			return disagree("Bits", got, set)
		}
		if d := b.Density(s); math.Abs(ones-d*float64(n)) > 6*math.Sqrt(d*(1-d)*float64(n))+1 {
			return fmt.Errorf("a density of %v, and %v of %d bits are 1", d, ones, n)
		}
	}
	if r, ok := m.(masks.RowPatterned); ok {
		if err := checkRowPatterns(r, all, s); err != nil {
			return err
		}
	}
	if d, ok := m.(masks.DeviceMask); ok {
		return checkDeviceSet(d, s, set)
	}
	return nil
}

// checkRowPatterns: of the synapses that have an update to make, patterns have those that
// all masks keep.
func checkRowPatterns(r masks.RowPatterned, all []masks.Mask, s *masks.Synapses) error {
	patterns := r.RowPatterns(s)
	if patterns == nil {
		return nil
	}
	kept := Keeps(all, s)
	for i, g := range s.Gradient {
		pattern, _ := patterns.Row(i / s.Out)
		if got := pattern[i%s.Out/64]>>(i%s.Out%64)&1 == 1; g != 0 && got != kept[i] {
			return fmt.Errorf("synapse %d: kept by its row's pattern: %t, by all masks: %t", i, got, kept[i])
		}
	}
	return nil
}

// checkDeviceSet compares a set in the kernels' words with the mask's, where the host can
// tell.
func checkDeviceSet(m masks.DeviceMask, s *masks.Synapses, set []bool) error {
	n := s.In * s.Out
	switch d := m.DeviceSet(s).(type) {
	case masks.KeepNone:
		if got := make([]bool, n); !slices.Equal(got, set) {
			return disagree("KeepNone", got, set)
		}
	case masks.KeepUnits:
		if got := setOf(d.Select(s.Out, 0, n, nil), n); !slices.Equal(got, set) {
			return disagree("KeepUnits", got, set)
		}
	case masks.KeepFixed:
		got := make([]bool, n)
		for i := range got {
			got[i] = d.Bits[i/64]>>(i%64)&1 == 1
		}
		if !slices.Equal(got, set) {
			return disagree("KeepFixed", got, set)
		}
	case masks.KeepRandom, masks.KeepTop: // the emulator compares them
	default:
		return fmt.Errorf("kernels know no set of type %T", d)
	}
	return nil
}

// checkGradientFree: a mask that needs no gradients keeps the same without them, and the
// same when it is begun twice.
func checkGradientFree(all []masks.Mask, n *Network, arrays []*masks.Synapses, step masks.Step, want [][]bool) error {
	free := true
	for _, m := range all {
		_, ok := m.(masks.GradientFree)
		free = free && ok
	}
	for range 2 {
		if free {
			if _, err := n.Present(step.Number, step.Batch, false, nil); err != nil {
				return err
			}
		}
		if err := bind(arrays, n, free); err != nil {
			return err
		}
		if err := masks.Draw(all, &step); err != nil {
			return err
		}
		if err := same(all, arrays, want); err != nil {
			return fmt.Errorf("begun again, gradients written out: %t: %w", !free, err)
		}
	}
	return nil
}

// checkDrawnAhead: a mask that is drawn ahead needs no more than the step's number, and
// its units are those of the synapses that it keeps.
func checkDrawnAhead(all []masks.Mask, n *Network, arrays []*masks.Synapses, step masks.Step, want [][]bool) error {
	m, ok := all[len(all)-1].(masks.DrawnAhead)
	if !ok {
		return nil
	}
	if err := m.Begin(&masks.Step{Number: step.Number}); err != nil {
		return fmt.Errorf("drawn ahead: %w", err)
	}
	if err := bind(arrays, n, false); err != nil {
		return err
	}
	if err := same(all, arrays, want); err != nil {
		return fmt.Errorf("drawn ahead: %w", err)
	}
	for a, s := range arrays {
		units := m.Units(s)
		if m.KeepsAll(s) || units == nil {
			continue
		}
		for i, kept := range want[a] {
			if kept && !slices.Contains(units, int32(i%s.Out)) {
				return fmt.Errorf("units %v, and synapse %d onto unit %d is kept", units, i, i%s.Out)
			}
		}
	}
	return nil
}

// same reports an array of which the last mask keeps something else than it did.
func same(all []masks.Mask, arrays []*masks.Synapses, want [][]bool) error {
	for a, s := range arrays {
		got, err := checkSelect(all[len(all)-1], s)
		if err != nil {
			return err
		}
		if !slices.Equal(got, want[a]) {
			i := firstDifference(got, want[a])
			return fmt.Errorf("array %d: synapse %d: kept now: %t, before: %t", a, i, got[i], want[a][i])
		}
	}
	return nil
}

// setOf returns the set of some of n numbers.
func setOf(numbers []int32, n int) []bool {
	set := make([]bool, n)
	for _, i := range numbers {
		set[i] = true
	}
	return set
}

// firstDifference returns the first place at which two sets of equal size differ.
func firstDifference(a, b []bool) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

func disagree(what string, got, set []bool) error {
	i := firstDifference(got, set)
	return fmt.Errorf("synapse %d: kept by %s: %t, by Select: %t; a capability may be inherited from an embedded mask (masks/capabilities.go)", i, what, got[i], set[i])
}
