package energy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// counts lists the numbers of an account by where they are in it, and leaves out what a
// layer is.
func counts(t *testing.T, account any) map[string]float64 {
	t.Helper()
	text, err := json.Marshal(account)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	var visit func(path string, v any)
	visit = func(path string, v any) {
		switch v := v.(type) {
		case float64:
			all[path] = v
		case []any:
			for i := range v {
				visit(fmt.Sprint(path, "[", i, "]"), v[i])
			}
		case map[string]any:
			for key := range v {
				if !slices.Contains([]string{"in", "out", "parameters", "positions"}, key) {
					visit(path+"."+key, v[key])
				}
			}
		}
	}
	visit("", tree)
	return all
}

// An account of several steps is the sum of accounts of one: every number of it, of the
// layers and in total. But bits are those of the step that takes most.
func TestLedgerIsAdditive(t *testing.T) {
	open := func() *Ledger {
		return NewLedger([]Layer{{In: 3, Out: 2, Parameters: 8, Positions: 5}, {In: 10, Out: 4, Parameters: 44}})
	}
	step := func(n int64) Step {
		x := float64(n)
		return Step{
			Batch: int(n) + 5, Open: int(n) + 1, Presynaptic: 3 * n, Errors: 5 * n, Pairs: 7 * n, Postsynaptic: Activity{11 * n, 0.25 * x},
			M0: 13 * n, M0Stored: 17 * n, M1: 0.5 * x, MemoryReads: 19 * n, MemoryWrites: 23 * n,
			Cached:     &Cached{29 * n, 2 * x, 4 * x},
			Accumulate: Accumulate{Updates: 31 * n, Amount: 0.125 * x, Reads: 37 * n, Writes: 41 * n},
		}
	}
	whole, want := open(), map[string]float64{}
	for n := int64(1); n < 8; n *= 2 {
		steps, one := func() []Step { return []Step{step(n), step(n + 1)} }, open()
		one.Record(steps())
		whole.Record(steps())
		for path, x := range counts(t, []any{one.Layers, one.Total()}) {
			if strings.HasSuffix(path, ".bits") {
				want[path] = max(want[path], x)
				continue
			}
			want[path] += x
		}
		for path, x := range counts(t, one.Total()) {
			if last := counts(t, whole.Last())[path]; last != x {
				t.Errorf("step %d: %s of the last step is %v, want %v", n, path, last, x)
			}
		}
	}
	got := counts(t, []any{whole.Layers, whole.Total()})
	for _, path := range slices.Sorted(maps.Keys(want)) {
		never := path == "[0][0].backward.weight_reads" // no error goes to the inputs
		if got[path] != want[path] || (want[path] > 0) == never {
			t.Errorf("%s is %v, want %v, above 0: %v", path, got[path], want[path], !never)
		}
	}
}

// What is not known of the memory once stays so, whatever is added, in each layer and in total.
func TestUnknownMemoryStays(t *testing.T) {
	steps := []Step{{Batch: 1, MemoryReads: 3, MemoryWrites: 2}}
	for before := range 2 {
		l := NewLedger([]Layer{{In: 3, Out: 2, Parameters: 8}})
		for range before {
			l.Record(steps)
		}
		l.ForgetMemory("nobody counts")
		for range 2 {
			l.Record(steps)
			if l.Total().Memory != (Memory{}) || l.Last().Memory != (Memory{}) || l.Layers[0].Update.Memory != (Memory{}) {
				t.Errorf("known again: total %+v, last %+v, layer %+v", l.Total().Memory, l.Last().Memory, l.Layers[0].Update.Memory)
			}
		}
	}
}
