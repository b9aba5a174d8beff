package pulsed_test

import (
	"math"
	"strings"
	"testing"

	"ergon/masks"
	"ergon/masks/rules/pulsed"
)

// crossbar is one layer of weights, and what learns it.
type crossbar struct {
	t         *testing.T
	array     *masks.Synapses
	optimizer masks.Optimizer
	step      uint64
}

// newCrossbar makes a crossbar whose weights are 0.
func newCrossbar(t *testing.T, spec *pulsed.Pulsed, in, out int) *crossbar {
	t.Helper()
	layers := []masks.Layer{{In: in, Out: out}}
	o, err := spec.New(masks.Network{Layers: layers}, 1, "test")
	if err != nil {
		t.Fatal(err)
	}
	array := masks.Arrays(layers)[0]
	array.Weights = make([]float32, in*out)
	return &crossbar{t, array, o, 0}
}

// updates returns Δw after presentations of activities x [B,In] and errors delta [B,Out].
func (c *crossbar) updates(x, delta []float32) []float32 {
	c.t.Helper()
	step := masks.Step{Number: c.step, Arrays: []*masks.Synapses{c.array}, Presentation: masks.Presentation{
		Batch: len(x) / c.array.In, Activity: [][]float32{x}, Errors: [][]float32{delta},
	}}
	if err := c.optimizer.(masks.Watching).Watch(&step); err != nil {
		c.t.Fatal(err)
	}
	c.optimizer.Begin()
	c.step++
	update := make([]float32, len(c.array.Weights))
	masks.UpdateSpan(c.optimizer, 0, 0, nil, update)
	return update
}

// exact is devices that all make the same step, without a bound.
func exact(rate, step float64, slots int) *pulsed.Pulsed {
	return &pulsed.Pulsed{LearningRate: rate, Step: step, Slots: slots, Bound: math.Inf(1)}
}

// If η|x δ|/dw of the strongest lines is a whole number, they fire in every slot: by hand, 2·3·0.25/0.125
// = 12 slots, or the most that there may be.
func TestStrongestLinesFireInEverySlot(t *testing.T) {
	for slots, want := range map[int]float32{63: 12 * 0.125, 12: 12 * 0.125, 5: 5 * 0.125} {
		for _, sign := range []float32{1, -1} {
			if got := newCrossbar(t, exact(0.25, 0.125, slots), 1, 1).updates([]float32{2}, []float32{3 * sign})[0]; got != -sign*want {
				t.Errorf("at most %d slots, x = 2, δ = %v: Δw %v, want %v", slots, 3*sign, got, -sign*want)
			}
		}
	}
}

// The mean of Δw is that of gradient descent, and its variance that of BL trials with probability
// P_i P_j = η|x_i δ_j|/(dw BL) of a coincidence. Limits are 5 standard errors of the mean, and of
// the variance of nearly normal numbers, √(2/n), for each of 6 synapses.
func TestPulsesAreUnbiased(t *testing.T) {
	const rate, dw, n = 0.01, 0.001, 40000
	x, delta := []float32{1, -0.5, 0.2}, []float32{-0.73, 0.4}
	slots := math.Ceil(rate * 0.73 / dw) // 8 of 31
	c := newCrossbar(t, exact(rate, dw, 31), 3, 2)
	sum, square := make([]float64, 6), make([]float64, 6)
	for range n {
		for i, d := range c.updates(x, delta) {
			sum[i] += float64(d)
			square[i] += float64(d) * float64(d)
		}
	}
	for i := range sum {
		want := -rate * float64(x[i/2]) * float64(delta[i%2])
		mean, p := sum[i]/n, math.Abs(want)/(dw*slots)
		variance, wantVariance := square[i]/n-mean*mean, dw*dw*slots*p*(1-p)
		if math.Abs(mean-want) > 5*math.Sqrt(wantVariance/n) {
			t.Errorf("synapse %d: mean Δw %v, want %v", i, mean, want)
		}
		if math.Abs(variance-wantVariance) > 5*math.Sqrt(2.0/n)*wantVariance+1e-9*dw {
			t.Errorf("synapse %d: variance of Δw %v, want %v", i, variance, wantVariance)
		}
	}
}

// Pulses of a presentation, M1/dw, are as many as η Σ|x δ|/dw on average, within 5 %, also with
// steps that vary: the mean of 600 of them is 1 ± 0.3/√600 = 1.2 %.
func TestPulsesOfAPresentation(t *testing.T) {
	spec := exact(0.01, 0.001, 31)
	spec.Spread, spec.Cycle = 0.3, 0.3
	x, delta, total := make([]float32, 30), make([]float32, 20), 0.0
	for i := range x {
		x[i] = float32(i%5) / 5
	}
	for j := range delta {
		delta[j] = float32(j%7-3) / 100
	}
	for i := range x {
		for j := range delta {
			total += math.Abs(float64(x[i]) * float64(delta[j]))
		}
	}
	c, m1 := newCrossbar(t, spec, 30, 20), 0.0
	const n = 2000
	for range n {
		for _, d := range c.updates(x, delta) {
			m1 += math.Abs(float64(d))
		}
	}
	got, want := m1/0.001/n, 0.01*total/0.001
	t.Logf("%.3f pulses, η Σ|x δ|/dw = %.3f", got, want)
	if math.Abs(got/want-1) > 0.05 {
		t.Errorf("%v pulses a presentation, want %v", got, want)
	}
}

// Steps differ from device to device, always the same, and from pulse to pulse. Limits are 5
// standard errors of deviations of n normal numbers, 1/√(2n); of steps below 0, of which 4e-4 are
// turned round, the deviation knows less than that.
func TestStepsOfDevicesVary(t *testing.T) {
	const n, dw = 10000, 0.125
	deviation := func(v []float64) (mean, deviation float64) {
		for _, x := range v {
			mean += x / n
		}
		for _, x := range v {
			deviation += (x - mean) * (x - mean) / n
		}
		return mean, math.Sqrt(deviation)
	}
	for what, spec := range map[string]*pulsed.Pulsed{
		"devices": {LearningRate: dw, Step: dw, Slots: 1, Bound: math.Inf(1), Spread: 0.3},
		"pulses":  {LearningRate: dw, Step: dw, Slots: 1, Bound: math.Inf(1), Cycle: 0.3},
	} {
		c := newCrossbar(t, spec, n, 1)
		x := make([]float32, n)
		for i := range x {
			x[i] = 1
		}
		first, second := c.updates(x, []float32{-1}), c.updates(x, []float32{-1})
		steps, same := make([]float64, n), 0
		for i := range first {
			steps[i] = float64(first[i]) / dw
			if first[i] == second[i] {
				same++
			}
		}
		if mean, sd := deviation(steps); math.Abs(mean-1) > 5*0.3/math.Sqrt(n) || math.Abs(sd-0.3) > 5*0.3/math.Sqrt(2*n) {
			t.Errorf("%s: steps of %v ± %v dw, want 1 ± 0.3", what, mean, sd)
		}
		if devices := same == n; devices != (what == "devices") {
			t.Errorf("%s: %d of %d synapses moved by the same in two steps", what, same, n)
		}
	}
}

// Weights stay within the bounds of their devices, and what is pushed outward there does not move.
func TestPulsesStayWithinBounds(t *testing.T) {
	spec := exact(0.25, 0.125, 63)
	spec.Bound = 1
	c := newCrossbar(t, spec, 2, 1)
	copy(c.array.Weights, []float32{0.75, 1})
	// δ = -1 pushes up by 0.25 · 2 · 1, by 4 pulses of 0.125.
	if got := c.updates([]float32{2, 2}, []float32{-1}); got[0] != 0.25 || got[1] != 0 {
		t.Errorf("Δw %v, want 0.25 and 0", got)
	}
	// One up, cut at the bound, then one down: the order of presentations matters.
	if got := c.updates([]float32{2, 0, 2, 0}, []float32{-1, 1})[0]; got != -0.25 {
		t.Errorf("up to the bound, and down by 0.5: Δw %v, want -0.25", got)
	}
}

// The rate of an open step is halved as often as it says.
func TestRateOfPulsesIsHalved(t *testing.T) {
	spec := exact(0.5, 0.125, 63)
	spec.HalveEvery = 1
	c := newCrossbar(t, spec, 1, 1)
	for _, want := range []float32{-0.5, -0.25, -0.125} {
		if got := c.updates([]float32{1}, []float32{1})[0]; got != want {
			t.Errorf("Δw %v, want %v", got, want)
		}
	}
}

// A step whose activities are not rows of the arrays, as of a convolution, is an error.
func TestActivitiesOfAnotherShape(t *testing.T) {
	c := newCrossbar(t, exact(0.1, 0.1, 31), 3, 2)
	for _, p := range []masks.Presentation{
		{Batch: 1},
		{Batch: 1, Errors: [][]float32{make([]float32, 2)}},
		{Batch: 1, Activity: [][]float32{make([]float32, 12)}, Errors: [][]float32{make([]float32, 2)}},
		{Batch: 1, Activity: [][]float32{make([]float32, 3)}, Errors: [][]float32{make([]float32, 8)}},
	} {
		err := c.optimizer.(masks.Watching).Watch(&masks.Step{Arrays: []*masks.Synapses{c.array}, Presentation: p})
		if err == nil || !strings.Contains(err.Error(), "layer 1") {
			t.Errorf("%d activities, %d errors: %v, want an error that names the layer", len(p.Activity), len(p.Errors), err)
		}
	}
}
