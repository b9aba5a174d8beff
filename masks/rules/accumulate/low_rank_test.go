package accumulate_test

import (
	"math"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
)

// lowRank returns the settings of a cache with rank 8, which holds eight presentations exactly.
func lowRank(set map[string]any) map[string]any {
	cache := map[string]any{"kind": "low_rank", "rank": 8, "batch": 6, "bits": 0, "max_norm": false, "rho_min": 0.0}
	for key, value := range set {
		cache[key] = value
	}
	return cache
}

// A rank of at least the presentations of a batch, and weights that take any number, make it plain batch
// descent: weights move every batch, by the sum of its updates.
func TestEnoughRankIsBatchDescent(t *testing.T) {
	for _, batch := range []int{1, 2} { // presentations of a step
		r := newRun(t, large, lowRank(nil))
		sums := map[[2]int]float64{}
		for number := range uint64(24) {
			before := r.weights()
			for a, update := range r.step(t, number, batch) {
				for i, delta := range update {
					sums[[2]int{a, i}] += float64(delta)
				}
			}
			after := r.weights()
			if presented := batch * int(number+1); presented%6 != 0 {
				if !maskstest.SameBits(before, after) {
					t.Fatalf("weights moved after %d presentations", presented)
				}
				continue
			}
			for at, sum := range sums {
				w, start := float64(after[at[0]][at[1]]), float64(r.start[at[0]][at[1]])
				if math.Abs(w-start-sum) > 1e-5 {
					t.Fatalf("step %d: a weight moved by %v, the updates add up to %v", number, w-start, sum)
				}
			}
		}
	}
}

// Weights of few bits are moved by whole steps, within their range, where enough of them would move; else gradients
// go on adding up, and nothing is lost.
func TestLowRankQuantizes(t *testing.T) {
	const bits, most, share = 5, 4, 0.3
	epsilon := math.Ldexp(most, 1-bits)
	r := newRun(t, large, lowRank(map[string]any{"bits": bits, "range": most, "rho_min": share}))
	of, tried, written := layers(large), 0, 0
	for number := range uint64(36) {
		before := r.weights()
		r.step(t, number, 1)
		after, moved := r.weights(), make([]int, len(before))
		changes := make([]masks.Change, 2)
		for a := range before {
			for i, w := range after[a] {
				steps := (float64(w) - float64(before[a][i])) / epsilon
				if math.Abs(steps-math.Round(steps)) > 1e-4 {
					t.Fatalf("step %d: a weight moved by %v steps", number, steps)
				}
				if steps != 0 {
					moved[a]++
					changes[of[a]].M0++
					if math.Abs(float64(w)) > most+1e-6 {
						t.Fatalf("step %d: a weight moved to %v, beyond ±%v", number, w, most)
					}
				}
			}
			if moved[a] > 0 && float64(moved[a]) < share*float64(len(after[a])) {
				t.Fatalf("step %d: %d of %d weights moved, fewer than %v", number, moved[a], len(after[a]), share)
			}
			if number%6 == 5 {
				if tried++; moved[a] > 0 {
					written++
				}
			}
		}
		for l, want := range changes {
			if got := r.updater.Changes()[l].M0; got != want.M0 {
				t.Fatalf("step %d, layer %d: M0 is %d, a recount gives %d", number, l+1, got, want.M0)
			}
		}
	}
	if written == 0 || written == tried {
		t.Errorf("%d of %d tries wrote weights: the test sees one case only", written, tried)
	}
}

// With max_norm the largest change of a write is the rate, times the root of the batches in it, unless the mean
// of the largest magnitudes so far is larger.
func TestMaxNormBoundsTheChange(t *testing.T) {
	r := newRun(t, large, lowRank(map[string]any{"max_norm": true}))
	for number := range uint64(30) {
		before := r.weights()
		r.step(t, number, 1)
		after := r.weights()
		for a := range before {
			largest := 0.0
			for i, w := range after[a] {
				largest = max(largest, math.Abs(float64(w)-float64(before[a][i])))
			}
			if number == 5 && math.Abs(largest-rate) > 1e-6 || largest > rate+1e-6 {
				t.Errorf("step %d: a weight of array %d moved by %v, and the rate is %v", number, a, largest, rate)
			}
		}
	}
}

// A write empties the factors: every number that is not 0 changes once more.
func TestLowRankCountsWhatItEmpties(t *testing.T) {
	r, twin := newRun(t, small, lowRank(nil)), newRun(t, small, lowRank(map[string]any{"batch": 1000}))
	for number := range uint64(6) {
		r.step(t, number, 1)
		twin.step(t, number, 1)
	}
	full := make([]int64, 2)
	for a, kept := range twin.accumulators() {
		for _, x := range kept {
			if x != 0 {
				full[layers(small)[a]]++
			}
		}
	}
	for l, want := range full {
		got, before := r.updater.Accumulations()[l], twin.updater.Accumulations()[l]
		if want == 0 || got.Updates-before.Updates != want || got.Writes-before.Writes != want {
			t.Errorf("layer %d: %+v with the write and %+v without; %d numbers were emptied", l+1, got, before, want)
		}
	}
}

// Counted are the numbers of the factors that change; the bits are those of all.
func TestLowRankAccumulates(t *testing.T) {
	r := newRun(t, small, lowRank(map[string]any{"rank": 2}))
	for number := range uint64(20) {
		before := r.accumulators()
		r.step(t, number, 1)
		if number%6 == 5 {
			continue // the factors were emptied
		}
		changed := make([]int64, 2)
		for a, kept := range r.accumulators() {
			for i, x := range kept {
				if x != before[a][i] {
					changed[layers(small)[a]]++
				}
			}
		}
		for l, want := range changed {
			if got := r.updater.Accumulations()[l]; got.Updates != want || got.Writes != want {
				t.Errorf("step %d, layer %d: accumulated %+v, a recount gives %d changes", number, l+1, got, want)
			}
		}
	}
	if bits, want := r.updater.AccumulatorBits(0), int64(32*(2*(7+5+1)+1*(1+5+1))); bits != want {
		t.Errorf("%d bits, want %d", bits, want)
	}
}
