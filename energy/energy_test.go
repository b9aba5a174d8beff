package energy

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObserve(t *testing.T) {
	negativeZero := float32(math.Copysign(0, -1))
	y := []float32{
		0, 1, -2, 0, 0.5,
		negativeZero, 0, 0, 0, 0,
		1, 1, 1, 1, 1,
	}
	activity, active := make([]Activity, 3), make([]int32, 3)
	Observe(y, 5, activity)
	Active(y, 5, active)
	if diff := cmp.Diff([]Activity{{3, 3.5}, {0, 0}, {5, 5}}, activity); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int32{3, 0, 5}, active); diff != "" {
		t.Error(diff)
	}
}

// A worked example, by hand: one presentation through 3 inputs, 2 hidden
// units and 1 output, with biases.
func TestLedgerByHand(t *testing.T) {
	l := NewLedger([]Layer{
		{Name: "layer 1", In: 3, Out: 2, Parameters: 8},
		{Name: "layer 2", In: 2, Out: 1, Parameters: 3},
	})
	// Inputs (1, 0, 2); hidden (0.5, 0); output 0.25; errors dz₁ (0.1, 0), dz₂ 0.3.
	step := []Step{
		{Batch: 1, Open: 1, Presynaptic: 2, Errors: 1, Pairs: 2, Postsynaptic: Activity{1, 0.5}, M0: 3, M0Stored: 2, M1: 0.3, MemoryReads: 7, MemoryWrites: 5},
		{Batch: 1, Open: 1, Presynaptic: 1, Errors: 1, Pairs: 1, Postsynaptic: Activity{1, 0.25}, M0: 2, M0Stored: 2, M1: 0.2, MemoryReads: 3, MemoryWrites: 1},
	}
	l.Record(step)
	want := Totals{
		M0: 5, M1: 0.5, M0Stored: 4,
		ActiveUnits: 1, ActivityL1: 0.5, ActiveOutput: 1, OutputL1: 0.25,
		MACsForward:  3*2 + 2*1,
		MACsBackward: 3*2 + (2*1 + 2*1), // dW of both layers, dx of the second
		MACsEff:      (2*2 + 1*1) + (2*1 + 1*1 + 1*2),
		WeightReads:  (8 + 3) + 2 + 5, // forward with biases, Wᵀ of layer 2, updates
		WeightWrites: 5,
		Memory:       Memory{Reads: 7 + 3, Writes: 5 + 1, Known: true},
		Accumulate:   Accumulate{Known: true}, // one presentation is no batch
	}
	if diff := cmp.Diff(want, l.Total()); diff != "" {
		t.Error(diff)
	}
	l.Record(step)
	if l.Total().M0 != 10 || l.Last().M0 != 5 {
		t.Errorf("after two steps: total %d, last %d, want 10 and 5", l.Total().M0, l.Last().M0)
	}
	first := l.Total()
	l.Record(step)
	if first.Memory != (Memory{20, 12, true}) || l.Last().Memory != (Memory{10, 6, true}) || l.Total().Memory != (Memory{30, 18, true}) || l.Layers[1].Update.Memory != (Memory{9, 3, true}) {
		t.Errorf("memory after two steps %+v, of the third %+v, of all %+v, of layer 2 %+v", first.Memory, l.Last().Memory, l.Total().Memory, l.Layers[1].Update.Memory)
	}
	if n := l.Layers[0].Maintenance.SynapsePresentations; n != 24 {
		t.Errorf("layer 1 was kept for %d synapse·presentations, want 24", n)
	}
}

// A step of five presentations, of which the gate kept out two or all, through a
// convolution with 4 positions and a layer above it.
func TestLedgerOfGatedConvolutions(t *testing.T) {
	layers := []Layer{{Name: "layer 1", In: 3, Out: 2, Parameters: 8, Positions: 4}, {Name: "layer 2", In: 6, Out: 5, Parameters: 35, Positions: 7}}
	l := NewLedger(layers)
	l.Record([]Step{{Batch: 5, Open: 3, Presynaptic: 11, Errors: 7, Pairs: 13}, {Batch: 5, Open: 3, Presynaptic: 17, Errors: 19, Pairs: 23}})
	want := Totals{
		MACsForward:  5*3*2*4 + 5*6*5*7,
		MACsBackward: 3*3*2*4 + 2*3*6*5*7,
		MACsEff:      (11*2 + 13) + (17*5 + 23 + 19*6),
		WeightReads:  8 + 35 + 6*5,
		Memory:       Memory{Known: true},
		Accumulate:   Accumulate{Bits: 32 * (8 + 35), GradientUpdates: (13 + 7) + (23 + 19), Known: true}, // products of weights, errors of biases
	}
	if diff := cmp.Diff(want, l.Last()); diff != "" {
		t.Error(diff)
	}
	l.Record([]Step{{Batch: 5}, {Batch: 5}})
	want = Totals{MACsForward: 5*3*2*4 + 5*6*5*7, WeightReads: 8 + 35, Memory: Memory{Known: true}, Accumulate: Accumulate{Bits: 32 * (8 + 35), Known: true}}
	if diff := cmp.Diff(want, l.Last()); diff != "" {
		t.Errorf("behind a shut gate: %s", diff)
	}
}

func TestMinimal(t *testing.T) {
	var m Minimal
	m.Add([]float32{1, 2, 3}, []float32{1, 2.5, 2})
	if m.M0 != 2 || m.M1 != 1.5 {
		t.Errorf("M0min %d, M1min %v, want 2, 1.5", m.M0, m.M1)
	}
	if r := Ratio(3, m.M1); r == nil || *r != 2 {
		t.Errorf("inefficiency %v, want 2", r)
	}
	if r := Ratio(0, 0); r != nil {
		t.Errorf("inefficiency of nothing is %v, want none", *r)
	}
	if r := Ratio(math.NaN(), 1); r != nil {
		t.Errorf("inefficiency of NaN is %v, want none", *r)
	}
}
