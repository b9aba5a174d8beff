package maskstest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/reference"
)

// optimizersEveryWay compares every optimizer with the reference, under every clip and every mask
// and without, with the factors of a single presentation and with a batch, gradients written out or
// not: in all the ways in which there is an update to be made. Arrays are of several chunks, with
// rows that begin anywhere in them.
func optimizersEveryWay(t *testing.T, make New) {
	net := masks.Network{Layers: []masks.Layer{{In: 110, Out: 83, Bias: true}, {In: 83, Out: 5, Bias: true}}, Classes: Classes, InputPower: 3}
	lists := map[string][]any{"no mask": nil}
	for _, mask := range kindsOf("mask") {
		lists[mask.Name] = []any{mask.Name}
	}
	for _, optimizer := range kindsOf("optimizer") {
		compared := 0
		for _, clip := range kindsOf("clip") {
			for name, list := range lists {
				rule, err := Decode(map[string]any{"optimizer": optimizer.Name, "clip": tight(clip), "mask": list})
				if err != nil {
					continue // settings that have no default
				}
				for _, c := range []struct {
					batch      int
					writtenOut bool
				}{{1, false}, {1, true}, {3, false}, {3, true}} {
					if everyWay(t, make, rule, net, c.batch, c.writtenOut, fmt.Sprintf("%s, clip %s, %s, batch %d, written out: %t", optimizer.Name, clip.Name, name, c.batch, c.writtenOut)) {
						compared++
					}
				}
			}
		}
		if compared > 0 && compared < 2*len(lists) { // a kind may be refused, or every clip of its updates
			t.Errorf("%s was compared in %d ways, want %d masks and none at least twice", optimizer.Name, compared, len(lists)-1)
		}
	}
}

// tight returns the settings of a clip by which updates are cut.
func tight(clip schema.Kind) map[string]any {
	settings := map[string]any{"kind": clip.Name}
	if slices.ContainsFunc(clip.Fields, func(f schema.Field) bool { return f.Key == "bound" && strings.HasSuffix(f.Type, "float") }) {
		settings["bound"] = 1e-3
	}
	return settings
}

// named is a test whose failures begin with a name.
type named struct {
	*testing.T
	name string
}

// Fatalf implements rapid.TB.
func (n named) Fatalf(format string, args ...any) {
	n.Helper()
	n.T.Fatalf(n.name+": "+format, args...)
}

// compareMemories compares the numbers that the optimizers of two remember, zeros with their signs.
func compareMemories(t named, fast, slow Stepper) {
	got, err := save(fast)
	if err != nil {
		t.Fatalf("%v", err)
	}
	want, err := save(slow)
	if err != nil {
		t.Fatalf("%v", err)
	}
	for name, numbers := range want.Float32s {
		if strings.HasPrefix(name, "optimizer") && !SameBits([][]float32{got.Float32s[name]}, [][]float32{numbers}) {
			t.Fatalf("%s is remembered with other bits than the reference's", name)
		}
	}
}

// everyWay takes some steps side by side with the reference, and reports whether the rule can be
// made.
func everyWay(t *testing.T, make New, rule masks.Rule, net masks.Network, batch int, writtenOut bool, name string) bool {
	t.Helper()
	const seed = 5
	fast, err := make(rule, net, seed)
	if Refused(err) {
		return false
	}
	if err != nil {
		t.Fatal(name, err)
	}
	slow, err := reference.NewUpdater(rule, net, seed)
	if err != nil {
		t.Fatal(name, err)
	}
	a, b := NewNetwork(net.Layers, seed), NewNetwork(net.Layers, seed)
	for step := range uint64(3) {
		take(t, fast, a, step, batch, writtenOut, nil)
		take(t, slow, b, step, batch, true, nil)
		compare(named{t, name}, fast, slow, a, b)
	}
	compareMemories(named{t, name}, fast, slow)
	return true
}
