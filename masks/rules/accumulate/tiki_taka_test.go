package accumulate_test

import (
	"math"
	"testing"

	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules/accumulate"
)

// definition is the rule of one synapse of tiki-taka, in float64.
type definition struct {
	alpha, bound, gamma        float64
	epsilon, momentum, largest float64 // of version 2; ε = 0 is version 1
	forget                     bool
	a, h, c                    float64
}

func (d *definition) update(delta float64) {
	d.a = min(max(d.a+delta-math.Abs(delta)*d.a/d.bound, -d.bound), d.bound)
}

// transfer reads A, and returns how far C moves.
func (d *definition) transfer() (step float64) {
	if d.epsilon == 0 {
		step = d.alpha * d.a
	} else {
		d.h += d.alpha * d.a / d.epsilon
		n := min(max(math.Trunc(d.h), -d.largest), d.largest)
		if step = n * d.epsilon; n != 0 && d.forget {
			d.h *= d.momentum
		} else {
			d.h -= (1 - d.momentum) * n
		}
	}
	d.c += step
	return step
}

// Both versions are their definitions, whatever the settings: weights, what is written, and which rows.
func TestTikiTakaIsItsDefinition(t *testing.T) {
	inf := math.Inf(1)
	for name, d := range map[string]definition{
		"1":                {alpha: 0.3, bound: 0.5},
		"1 ideal":          {alpha: 0.1, bound: inf},
		"1 saturated":      {alpha: 0.3, bound: 0.02},
		"1 seen":           {alpha: 0.1, bound: 2, gamma: 0.25},
		"2":                {alpha: 0.3, bound: 0.5, epsilon: 0.02, momentum: 0.1, largest: 1, forget: true},
		"2 that remembers": {alpha: 0.3, bound: inf, epsilon: 0.02, momentum: 0.4, largest: 3},
		"2 seen":           {alpha: 0.3, bound: 1, gamma: 0.5, epsilon: 0.02, largest: 2, forget: true},
	} {
		t.Run(name, func(t *testing.T) {
			cache := map[string]any{"kind": "tiki_taka", "alpha": d.alpha, "bound": d.bound, "gamma": d.gamma, "transfer_every": 2, "rows": 2}
			if d.epsilon > 0 {
				cache["kind"], cache["epsilon"], cache["momentum"], cache["forget"] = "tiki_taka2", d.epsilon, d.momentum, d.forget
				cache["max_pulses"] = int(d.largest)
			}
			followDefinition(t, newRun(t, small, cache), d)
		})
	}
}

func followDefinition(t *testing.T, r *run, d definition) {
	all := masks.Arrays(small.Layers)
	var synapses [][]definition
	for a, w := range r.start {
		synapses = append(synapses, make([]definition, len(w)))
		for i := range w {
			synapses[a][i] = d
			synapses[a][i].c = float64(w[i])
		}
	}
	for number := range uint64(12) {
		updates := r.step(t, number, 2) // two presentations, after which a transfer is due
		written, total := make([]masks.Change, 2), 0.0
		for a, s := range all {
			for i, delta := range updates[a] {
				synapse := &synapses[a][i]
				synapse.update(float64(delta))
				first := 2 * int(number) % s.In
				row := i / s.Out
				due := s.In <= 2 || row == first || row == (first+1)%s.In
				if step := 0.0; due {
					if step = synapse.transfer(); math.Abs(step) > 1e-12 {
						written[s.Layer].M0++
						written[s.Layer].M1 += math.Abs(step)
					}
				}
				total = max(total, math.Abs(float64(r.weights()[a][i])-synapse.c-d.gamma*synapse.a))
			}
		}
		if total > 1e-5 {
			t.Fatalf("step %d: a weight is off by %v", number, total)
		}
		for l, want := range written {
			if got := r.updater.Changes()[l]; got.M0 != want.M0 || math.Abs(got.M1-want.M1) > 1e-5 {
				t.Fatalf("step %d, layer %d: %+v was written, want %+v", number, l+1, got, want)
			}
		}
	}
}

// On a parabola with noisy gradients weights come to its minimum with soft bounds, and swing about it without, as the
// sum of a sum does.
func TestTikiTakaNeedsBounds(t *testing.T) {
	left := func(bound float64) (mean float64) {
		all := masks.Arrays([]masks.Layer{{In: 50, Out: 4}})
		all[0].Weights = make([]float32, 200)
		for i := range all[0].Weights {
			all[0].Weights[i] = 1
		}
		m := (&accumulate.TikiTaka{FastArray: accumulate.FastArray{Alpha: 0.1, Bound: bound, TransferEvery: 1}}).New(all, nil)
		m.Start()
		const steps = 3000
		for step := range steps {
			noise := maskstest.Parameters([]masks.Layer{{In: 50, Out: 4}}, uint64(step))[0].(maskstest.Parameter).Weights() // of deviation .1
			for i, w := range all[0].Weights {
				m.(masks.Accumulator).Accumulators()[0][i] = -0.01 * (w + 10*noise[i])
				if step >= steps/2 {
					mean += math.Abs(float64(w)) / 200 / (steps / 2)
				}
			}
			m.Consolidate(1, make([]masks.Change, 1))
		}
		return mean
	}
	// From 1, in units of the standard deviation of a single gradient: the mean |w| of the second half.
	if bounded, ideal := left(0.1), left(math.Inf(1)); bounded > 0.5 || ideal < 1 {
		t.Errorf("weights stay %v away from the minimum with bounds and %v without, want at most 0.5 and at least 1", bounded, ideal)
	}
}

// What the largest number of steps cuts off a write is written later, though A is 0 again.
func TestTikiTaka2WritesWhatIsLeft(t *testing.T) {
	all := masks.Arrays([]masks.Layer{{In: 1, Out: 1}})
	all[0].Weights = make([]float32, 1)
	c := &accumulate.TikiTaka2{Device: accumulate.Device{Epsilon: 1. / 16}, FastArray: accumulate.FastArray{Alpha: 0.5, Bound: 1e30, TransferEvery: 1}, MaxPulses: 1}
	m := c.New(all, nil)
	m.Start()
	// A is 1/2, then 0: H is 4 after the first reading, of which one step is written at a time.
	for step, delta := range []float32{0.5, -0.5, 0, 0, 0} {
		m.(masks.Accumulator).Accumulators()[0][0] = delta
		m.Consolidate(1, make([]masks.Change, 1))
		if want := float32(min(step+1, 4)) / 16; all[0].Weights[0] != want {
			t.Errorf("after %d transfers the weight is %v, want %v", step+1, all[0].Weights[0], want)
		}
	}
}

// What is read and changed beside the weights: A by each update, and the rows read; H of these.
func TestTikiTakaAccumulates(t *testing.T) {
	for kind, words := range map[string]int64{"tiki_taka": 1, "tiki_taka2": 2} {
		r := newRun(t, small, map[string]any{"kind": kind, "transfer_every": 1, "rows": 1})
		updates := r.step(t, 0, 1)
		nonzero, read := int64(0), int64(0)
		for a, s := range masks.Arrays(small.Layers)[:2] {
			for i, delta := range updates[a] {
				if delta != 0 {
					nonzero++
				}
				if i/s.Out == 0 && delta != 0 {
					read++
				}
			}
		}
		got := r.updater.Accumulations()[0]
		want := nonzero + (words-1)*read
		if got.Updates != want || got.Writes != want || got.Reads != want+10 {
			t.Errorf("%s: accumulated %+v, want %d updates, and as many reads and 10 more", kind, got, want)
		}
		if bits := r.updater.AccumulatorBits(0); bits != words*32*40 {
			t.Errorf("%s: %d bits of 40 synapses", kind, bits)
		}
	}
}
