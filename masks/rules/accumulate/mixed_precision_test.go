package accumulate_test

import (
	"math"
	"testing"

	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
	"ergon/masks/rules/accumulate"
	"ergon/masks/rules/caching"
)

// Weights stay on the lattice of the device's steps, χ below a step, and together they are the
// sum of all updates. What is counted is what a recount finds.
func TestMixedPrecisionIsItsDefinition(t *testing.T) {
	const epsilon, steps = 0.0625, 30
	const rounding = 2 * steps * 0x1p-22 // of w and χ in each step, while they are below 8
	r := newRun(t, large, map[string]any{"kind": "mixed_precision", "epsilon": epsilon})
	sum, of, written := map[[2]int]float64{}, layers(large), int64(0)
	for number := range uint64(steps) {
		before, chi := r.weights(), r.accumulators()
		updates := r.step(t, number, 1+int(number%2))
		after, kept := r.weights(), r.accumulators()
		changes, accumulated := make([]masks.Change, 2), make([]masks.Accumulation, 2)
		for a, update := range updates {
			for i, delta := range update {
				sum[[2]int{a, i}] += float64(delta)
				c, u := &changes[of[a]], &accumulated[of[a]]
				if delta != 0 {
					u.Updates++
					u.Amount += math.Abs(float64(delta))
				}
				value := chi[a][i] + delta
				if n := math.Trunc(float64(value) / epsilon); n != 0 {
					c.M0++
					c.M1 += math.Abs(n * epsilon)
					u.Updates++
					u.Amount += math.Abs(n * epsilon)
				}
				w, left := after[a][i], kept[a][i]
				if w != before[a][i] {
					c.Stored++
				}
				lattice := (float64(w) - float64(r.start[a][i])) / epsilon
				if math.Abs(lattice-math.Round(lattice)) > 1e-4 {
					t.Fatalf("step %d: a weight moved by %v steps", number, lattice)
				}
				if math.Abs(float64(left)) >= epsilon {
					t.Fatalf("step %d: χ is %v, at least a step", number, left)
				}
				if total := float64(w) - float64(r.start[a][i]) + float64(left); math.Abs(total-sum[[2]int{a, i}]) > rounding {
					t.Fatalf("step %d: w - w₀ + χ is %v, the updates add up to %v", number, total, sum[[2]int{a, i}])
				}
			}
		}
		for l, want := range changes {
			got := r.updater.Changes()[l]
			if got.M0 != want.M0 || got.Stored != want.Stored || math.Abs(got.M1-want.M1) > 1e-12*want.M1 {
				t.Fatalf("step %d, layer %d: counted %+v, a recount gives %+v", number, l+1, got, want)
			}
			u, again := r.updater.Accumulations()[l], accumulated[l]
			if u.Updates != again.Updates || math.Abs(u.Amount-again.Amount) > 1e-12*again.Amount {
				t.Fatalf("step %d, layer %d: accumulated %+v, a recount gives %+v", number, l+1, u, again)
			}
			written += got.M0
		}
	}
	if written < 100 {
		t.Errorf("%d writes are too few for a test", written)
	}
}

// Without a step of the device it is the plain rule, to the bit, counts included.
func TestNoStepIsThePlainRule(t *testing.T) {
	for _, cache := range []masks.Cache{
		&accumulate.MixedPrecision{TransferEvery: 1, Residue: "kept"},
		&accumulate.MixedPrecision{TransferEvery: 1, Residue: "written", Visible: true},
		&accumulate.StochasticRounding{},
	} {
		want, changes := trained(t, masks.NoCache{})
		got, counted := trained(t, cache)
		if !maskstest.SameBits(got, want) {
			t.Errorf("%T: other weights than the plain rule", cache)
		}
		for l := range changes {
			if counted[l] != changes[l] {
				t.Errorf("%T: counted %+v, plain %+v", cache, counted[l], changes[l])
			}
		}
	}
}

func trained(t *testing.T, cache masks.Cache) ([][]float32, []masks.Change) {
	t.Helper()
	rule := rules.Default()
	rule.Cache = cache
	u, err := cpu.NewUpdater(rule, large, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return maskstest.Train(t, u, large.Layers, 1)
}

// Visible, and written as it is, χ is the transient part of the synaptic cache of Li & van Rossum
// without decay and cost: weights, permanent parts and counts are the same.
func TestVisibleIsTheSynapticCache(t *testing.T) {
	a := newRun(t, large, map[string]any{"kind": "mixed_precision", "epsilon": 0.05, "visible": true, "residue": "written"})
	b := newRun(t, large, map[string]any{"kind": "synaptic", "theta": 0.05, "tau": math.Inf(1), "cost": 0})
	for number := range uint64(20) {
		a.step(t, number, 2)
		b.step(t, number, 2)
		if !maskstest.SameBits(a.weights(), b.weights()) || !maskstest.SameBits(a.updater.Memory().Permanent(), b.updater.Memory().Permanent()) {
			t.Fatalf("step %d: other weights than with the synaptic cache", number)
		}
		for l := range large.Layers {
			got, want := a.updater.Memory().Consolidations()[l], b.updater.Memory().Consolidations()[l]
			if got.M0 != want.M0 || math.Abs(got.M1-want.M1) > 1e-12*want.M1 || math.Abs(got.Transient-want.Transient) > 1e-12*want.Transient {
				t.Fatalf("step %d: consolidated %+v, the synaptic cache %+v", number, got, want)
			}
			u, v := a.updater.Accumulations()[l], b.updater.Accumulations()[l]
			if u.Updates != v.Updates || math.Abs(u.Amount-v.Amount) > 1e-12*v.Amount {
				t.Fatalf("step %d: accumulated %+v, the synaptic cache %+v", number, u, v)
			}
		}
	}
	if price := (&accumulate.MixedPrecision{}).Price(masks.Consolidation{M1: 3}); price != (&caching.SynapticCache{}).Price(masks.Consolidation{M1: 3}) {
		t.Errorf("a consolidation of 3 costs %v", price)
	}
}

// Transfers look at all rows in turn, the next ones each time, and begin again at the first.
func TestTransfersTakeRowsInTurn(t *testing.T) {
	all := masks.Arrays([]masks.Layer{{In: 5, Out: 2}})
	all[0].Weights = make([]float32, 10)
	m := (&accumulate.MixedPrecision{Device: accumulate.Device{Epsilon: 1}, TransferEvery: 3, Rows: 2, Residue: "kept"}).New(all, nil)
	m.Start()
	var rows [][]int
	for range 15 {
		chi := m.(masks.Accumulator).Accumulators()[0]
		for i := range chi {
			chi[i] = 1.5
			all[0].Weights[i] = 0
		}
		m.Consolidate(1, make([]masks.Change, 1))
		var written []int
		for row := range 5 {
			if all[0].Weights[2*row] == 1 && all[0].Weights[2*row+1] == 1 && chi[2*row] == 0.5 {
				written = append(written, row)
			}
		}
		rows = append(rows, written)
		if read := m.(masks.Accumulating).Accumulated(masks.Usage{}).Reads; read != int64(2*len(written)) {
			t.Errorf("%d of χ were read for rows %v", read, written)
		}
	}
	want := [][]int{{}, {}, {0, 1}, {}, {}, {2, 3}, {}, {}, {0, 4}, {}, {}, {1, 2}, {}, {}, {3, 4}}
	for n := range want {
		if len(rows[n]) != len(want[n]) || len(want[n]) > 0 && (rows[n][0] != want[n][0] || rows[n][1] != want[n][1]) {
			t.Errorf("presentation %d: rows %v were written, want %v", n+1, rows[n], want[n])
		}
	}
}
