package energy

import (
	"encoding/json"
	"testing"
)

// What is added up to the gradient of a batch, by hand: of a layer 6 → 5 with biases, 13 products of
// weights and 7 errors of biases. One presentation is no batch, but for a convolution, whose positions
// share weights. What cannot be learned has no gradient, tied weights have it elsewhere.
func TestGradientOfABatch(t *testing.T) {
	step := Step{Batch: 4, Open: 3, Presynaptic: 17, Errors: 7, Pairs: 13}
	single, samples, factors := step, step, step
	kept := step
	kept.Accumulate, kept.MemoryReads, kept.MemoryWrites = Accumulate{Updates: 1, Bits: 64, Reads: 2}, 3, 4
	factors.OneByOne = true
	single.Batch, single.Open = 1, 1
	samples.Batch, samples.Rows = 1, 2
	for name, c := range map[string]struct {
		layer Layer
		step  Step
		want  Accumulate
	}{
		"batch":                      {Layer{In: 6, Out: 5, Parameters: 35}, step, Accumulate{Bits: 32 * 35, GradientUpdates: 13 + 7}},
		"without biases":             {Layer{In: 6, Out: 5, Parameters: 30}, step, Accumulate{Bits: 32 * 30, GradientUpdates: 13}},
		"one presentation":           {Layer{In: 6, Out: 5, Parameters: 35}, single, Accumulate{}},
		"one, at four positions":     {Layer{In: 6, Out: 5, Parameters: 35, Positions: 4}, single, Accumulate{Bits: 32 * 35, GradientUpdates: 13 + 7}},
		"one, and one of the model":  {Layer{In: 6, Out: 5, Parameters: 35}, samples, Accumulate{Bits: 32 * 35, GradientUpdates: 13 + 7}},
		"one by one":                 {Layer{In: 6, Out: 5, Parameters: 35}, factors, Accumulate{}},
		"fixed":                      {Layer{In: 6, Out: 5, Parameters: 35, Fixed: true}, step, Accumulate{}},
		"fixed, with accumulators":   {Layer{In: 6, Out: 5, Parameters: 35, Fixed: true}, kept, Accumulate{}},
		"tied":                       {Layer{In: 6, Out: 5, Parameters: 5, Tied: true}, step, Accumulate{Bits: 32 * 5, GradientUpdates: 7}},
		"triangular":                 {Layer{In: 6, Out: 6, Parameters: 15 + 6, Triangular: true}, step, Accumulate{Bits: 32 * 21, GradientUpdates: 13 + 7}},
		"triangular, without biases": {Layer{In: 6, Out: 6, Parameters: 15, Triangular: true}, step, Accumulate{Bits: 32 * 15, GradientUpdates: 13}},
	} {
		l := NewLedger([]Layer{c.layer})
		l.Record([]Step{c.step})
		c.want.Known = true
		if got := l.Last().Accumulate; got != c.want || l.Total().Accumulate != c.want || l.Layers[0].Update.Accumulate != c.want {
			t.Errorf("%s: %+v, in total %+v, of the layer %+v; want %+v", name, got, l.Total().Accumulate, l.Layers[0].Update.Accumulate, c.want)
		}
	}
}

// Bits are those held at a time: the layers' together, and of steps the most.
func TestBitsAtATime(t *testing.T) {
	l := NewLedger([]Layer{{In: 2, Out: 1, Parameters: 2}, {In: 1, Out: 1, Parameters: 1}})
	for _, bits := range []int64{64, 96, 32} {
		l.Record([]Step{{Batch: 1, Accumulate: Accumulate{Bits: bits}}, {Batch: 1, Accumulate: Accumulate{Bits: 1000 - bits}}})
	}
	if total := l.Total().Accumulate.Bits; total != 1000 {
		t.Errorf("%d bits, want the 1000 of each step", total)
	}
	if a, b := l.Layers[0].Update.Accumulate.Bits, l.Layers[1].Update.Accumulate.Bits; a != 96 || b != 968 {
		t.Errorf("%d and %d bits of the layers, want the most of each, 96 and 968", a, b)
	}
}

// What is not known of changes beside the weights is null in JSON; null or nothing is not known.
func TestAccumulateInJSON(t *testing.T) {
	const whole = `{"updates":1,"amount":0.5,"bits":2,"reads":3,"writes":4,"gradient_updates":5}`
	for text, want := range map[string]Accumulate{`null`: {}, whole: {1, 0.5, 2, 3, 4, 5, true}} {
		got := Accumulate{Updates: 9, Known: true}
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %+v, %v", text, got, err)
		}
		if again, err := json.Marshal(want); err != nil || string(again) != text {
			t.Errorf("%+v is written as %s, %v", want, again, err)
		}
	}
	var old Totals // of a run before there was such an account
	if err := json.Unmarshal([]byte(`{"m0": 1}`), &old); err != nil || old.Accumulate.Known {
		t.Errorf("%+v, %v", old.Accumulate, err)
	}
}

// What is not known once stays so, whatever is added, in each layer and in total.
func TestUnknownAccumulateStays(t *testing.T) {
	steps := []Step{{Batch: 2, Pairs: 3, Accumulate: Accumulate{Updates: 3, Amount: 2, Reads: 1, Writes: 1}}}
	for before := range 2 {
		l := NewLedger([]Layer{{In: 3, Out: 2, Parameters: 8}})
		for range before {
			l.Record(steps)
		}
		l.ForgetAccumulate("nobody counts")
		for range 2 {
			l.Record(steps)
			if l.Total().Accumulate != (Accumulate{}) || l.Last().Accumulate != (Accumulate{}) || l.Layers[0].Update.Accumulate != (Accumulate{}) {
				t.Errorf("known again: total %+v, last %+v, layer %+v", l.Total().Accumulate, l.Last().Accumulate, l.Layers[0].Update.Accumulate)
			}
		}
	}
}
