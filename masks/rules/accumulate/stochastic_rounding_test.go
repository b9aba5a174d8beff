package accumulate_test

import (
	"math"
	"testing"

	"ergon/internal/philox"
	"ergon/masks"
	"ergon/masks/rules/accumulate"
)

// Writes are whole steps, M1 is their number times ε to the last digit, and nothing is kept.
func TestStochasticRoundingCountsSteps(t *testing.T) {
	const epsilon = 0.03125 // a power of two: moves of weights are exact
	r := newRun(t, large, map[string]any{"kind": "stochastic_rounding", "epsilon": epsilon})
	of, written := layers(large), int64(0)
	var streams []philox.Stream
	for _, s := range masks.Arrays(large.Layers) {
		streams = append(streams, philox.New(1, "cache/"+s.Name()))
	}
	for number := range uint64(10) {
		before := r.weights()
		updates, after := r.step(t, number, 1), r.weights()
		pulses, m0 := make([]float64, 2), make([]int64, 2)
		for a, update := range updates {
			for i, delta := range update {
				q := math.Abs(float64(delta)) / epsilon
				n := math.Round(math.Abs(float64(after[a][i])-float64(before[a][i])) / epsilon)
				want, part := math.Modf(q)
				if float64(streams[a].Uint32(number, uint64(i))) < part*(1<<32) {
					want++
				}
				if n != want {
					t.Fatalf("an update of %v steps became one of %v, want %v", q, n, want)
				}
				if delta > 0 && after[a][i] < before[a][i] || delta < 0 && after[a][i] > before[a][i] {
					t.Fatalf("an update by %v moved a weight from %v to %v", delta, before[a][i], after[a][i])
				}
				if pulses[of[a]] += n; n > 0 {
					m0[of[a]]++
				}
			}
		}
		for l, c := range r.updater.Changes() {
			if c.M1 != epsilon*pulses[l] || c.M0 != m0[l] {
				t.Errorf("step %d, layer %d: counted %+v, and there were %v steps on %d synapses", number, l+1, c, pulses[l], m0[l])
			}
			written += c.M0
			if u := r.updater.Accumulations()[l]; u != (masks.Accumulation{}) || r.updater.AccumulatorBits(l) != 0 {
				t.Errorf("step %d, layer %d: it accumulates %+v", number, l+1, u)
			}
		}
	}
	if written < 1000 {
		t.Errorf("%d writes are too few for a test", written)
	}
}

// The mean of many roundings is the update, to 5 standard deviations: that of a rounding is ε√(f(1-f)), f
// being the part of a step. And M1 is that of the plain rule in the mean.
func TestStochasticRoundingIsUnbiased(t *testing.T) {
	for _, epsilon := range []float64{0.02, 0.05, 0.2} { // updates are up to 0.037
		checkUnbiased(t, epsilon)
	}
}

func checkUnbiased(t *testing.T, epsilon float64) {
	const draws, synapses = 2000, 200
	all := masks.Arrays([]masks.Layer{{In: synapses / 2, Out: 2}})
	all[0].Weights = make([]float32, synapses)
	m := (&accumulate.StochasticRounding{Device: accumulate.Device{Epsilon: epsilon}}).New(all, nil)
	m.Start()
	update := func(i int) float32 { return float32(i-synapses/2) * 0.00037 }
	sums, m1, plain, variance := make([]float64, synapses), 0.0, 0.0, 0.0
	for range draws {
		clear(all[0].Weights)
		for i := range synapses {
			m.(masks.Accumulator).Accumulators()[0][i] = update(i)
			plain += math.Abs(float64(update(i)))
		}
		m.Consolidate(1, make([]masks.Change, 1))
		m1 += m.Consolidations()[0].M1
		for i, w := range all[0].Weights {
			sums[i] += float64(w)
		}
	}
	for i, sum := range sums {
		_, f := math.Modf(math.Abs(float64(update(i))) / epsilon)
		variance += epsilon * epsilon * f * (1 - f) * draws
		most := 5*epsilon*math.Sqrt(f*(1-f)*draws) + 1e-6*draws
		if want := draws * float64(update(i)); math.Abs(sum-want) > most {
			t.Errorf("%d updates by %v moved a weight by %v, want %v ± %v", draws, update(i), sum, want, most)
		}
	}
	if math.Abs(m1-plain) > 5*math.Sqrt(variance) {
		t.Errorf("M1 is %v, of the plain rule %v ± %v", m1, plain, 5*math.Sqrt(variance))
	}
}
