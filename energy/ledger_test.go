package energy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A convolution, by hand: 3 inputs and 2 channels at 5 positions, under a dense
// layer of 10 inputs and 4 outputs, each with biases. A batch of 7, of which the
// gate lets 6 through.
func TestLedgerOfAConvolution(t *testing.T) {
	l := NewLedger([]Layer{
		{In: 3, Out: 2, Parameters: 8, Positions: 5},
		{In: 10, Out: 4, Parameters: 44},
	})
	l.Record([]Step{
		{Batch: 7, Open: 6, Presynaptic: 50, Errors: 40, Pairs: 30, Postsynaptic: Activity{20, 2}},
		{Batch: 7, Open: 6, Presynaptic: 20, Errors: 9, Pairs: 25, Postsynaptic: Activity{28, 3}},
	})
	want := []Layer{
		{
			In: 3, Out: 2, Parameters: 8, Positions: 5,
			Forward:     Pass{MACs: 7 * 3 * 2 * 5, MACsEffective: 50 * 2, WeightReads: 8},
			Backward:    Pass{MACs: 6 * 3 * 2 * 5, MACsEffective: 30}, // dW alone: no error goes to the inputs
			Update:      Update{Memory: Memory{Known: true}, Accumulate: Accumulate{Bits: 32 * 8, GradientUpdates: 30 + 40, Known: true}},
			Maintenance: Maintenance{SynapsePresentations: 7 * 8},
			ActiveUnits: 20, ActivityL1: 2,
		},
		{
			In: 10, Out: 4, Parameters: 44,
			Forward:     Pass{MACs: 7 * 10 * 4, MACsEffective: 20 * 4, WeightReads: 44},
			Backward:    Pass{MACs: 2 * 6 * 10 * 4, MACsEffective: 25 + 9*10, WeightReads: 10 * 4}, // dW, and dx = dz·Wᵀ
			Update:      Update{Memory: Memory{Known: true}, Accumulate: Accumulate{Bits: 32 * 44, GradientUpdates: 25 + 9, Known: true}},
			Maintenance: Maintenance{SynapsePresentations: 7 * 44},
			ActiveUnits: 28, ActivityL1: 3,
		},
	}
	if diff := cmp.Diff(want, l.Layers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Behind a gate that lets nothing through there is no backward pass: no product,
// and no weight is read for it.
func TestLedgerOfAShutGate(t *testing.T) {
	l := NewLedger([]Layer{{In: 3, Out: 2, Parameters: 8}, {In: 2, Out: 4, Parameters: 12}})
	l.Record([]Step{{Batch: 7, Presynaptic: 5}, {Batch: 7, Presynaptic: 5}})
	for i, layer := range l.Layers {
		if layer.Backward != (Pass{}) {
			t.Errorf("layer %d: %+v, want no backward pass", i+1, layer.Backward)
		}
	}
	if got := l.Total(); got.MACsForward != 7*(3*2+2*4) || got.MACsBackward != 0 || got.WeightReads != 8+12 {
		t.Errorf("%+v, want the forward pass alone", got)
	}
}

// Binary inputs make the first layer's products additions, and no others; a
// network without layers has none.
func TestAdditions(t *testing.T) {
	l := account()
	for _, c := range []struct {
		binary            bool
		forward, backward int64
	}{{false, 0, 0}, {true, 1000, 900}} {
		l.BinaryInput = c.binary
		if f, b := l.additions(Forward), l.additions(Backward); f != c.forward || b != c.backward {
			t.Errorf("binary %v: %d and %d additions, want %d and %d", c.binary, f, b, c.forward, c.backward)
		}
	}
	if n := (&Ledger{BinaryInput: true}).additions(Forward); n != 0 {
		t.Errorf("%d additions without a layer", n)
	}
}

// A weight that meets -1, 0 or 1 is added or subtracted; any other activity is
// multiplied.
func TestBinary(t *testing.T) {
	for _, c := range []struct {
		x    []float32
		want bool
	}{
		{nil, true}, {[]float32{0, 1, -1}, true},
		{[]float32{0.5}, false}, {[]float32{1, 2}, false}, {[]float32{0, -2}, false}, {[]float32{-0.5, 0}, false},
	} {
		if got := Binary(c.x); got != c.want {
			t.Errorf("%v: %v", c.x, got)
		}
	}
}

// Counts are written whole as long as a float64 holds every integer of their
// size, sums of reals with six digits.
func TestHowMany(t *testing.T) {
	for _, c := range []struct {
		n    float64
		e    Event
		want string
	}{
		{12, WeightWrite, "12 weight writes"},
		{0.531, ChangeAmount, "0.531 units of Σ|Δw|"},
		{1234567.5, ChangeAmount, "1.23457e+06 units of Σ|Δw|"},
		{1<<53 - 1, MAC, "9007199254740991 multiply-accumulates"},
		{1 << 53, MAC, "9.0072e+15 multiply-accumulates"},
	} {
		if got := howMany(c.n, c.e); got != c.want {
			t.Errorf("%v: %q, want %q", c.n, got, c.want)
		}
	}
}
