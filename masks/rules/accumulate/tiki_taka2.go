package accumulate

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// TikiTaka2 is TikiTaka with a digital matrix H between the two arrays, in units of the step ε of the
// weights' device (Gokmen 2021). What is read of a synapse adds up in H, and is written by whole steps:
//
//	A ← A + ΔJ - |ΔJ|A/b     every step, within ±b
//	H ← H + αA/ε             every TransferEvery presentations, for the next Rows rows
//	n = trunc(H), at most MaxPulses in magnitude; where it is not 0:
//	C ← C + nε, H ← mH       with Forget
//	C ← C + nε, H ← H - (1-m)n   without
//
// M0 and M1 are of C; the changes of A and H are counted as accumulate, those of H in units of the weights.
type TikiTaka2 struct {
	Device
	FastArray
	Momentum  float64 `key:"momentum" doc:"share m that stays in H when its steps are written" in:"[0,1)"`
	MaxPulses int     `key:"max_pulses" doc:"largest number of steps of a write" in:"[1,1000000000]"`
	Forget    bool    `key:"forget" doc:"whether a write leaves a share momentum of all of H; false: of the steps written, and the rest"`
}

var (
	_ masks.Cache       = (*TikiTaka2)(nil)
	_ masks.RuleChecker = (*TikiTaka2)(nil)
)

func init() {
	masks.Caches.Register("tiki_taka2", schema.Doc{
		Summary: "updates go to a fast array, of which rows are read into a digital matrix, and its whole steps written", Source: "Gokmen 2021, Front. Artif. Intell. 4:699148",
		Definition: "Every step A ← A + Δw - |Δw|·A/bound, within ±bound. Every transfer_every presentations, for the next rows: H ← H + alpha·A/epsilon, n = trunc(H), " +
			"at most max_pulses in magnitude; where n is not 0, C ← C + n·epsilon, and H ← momentum·H with forget, H ← H - (1 - momentum)·n without. " +
			"The network computes with C + gamma·A. M0 and M1 are of C; changes of A and H are counted as accumulate.",
	}, func() masks.Cache {
		return &TikiTaka2{
			Device: Device{Epsilon: 0.002}, FastArray: FastArray{Alpha: 0.5, Bound: 0.05, TransferEvery: 1, Rows: 1},
			Momentum: 0.1, MaxPulses: 1, Forget: true,
		}
	})
}

// Validate implements schema's check of fields against each other.
func (c *TikiTaka2) Validate() error {
	if c.Epsilon == 0 {
		return schema.Fieldf("epsilon", "is 0, and H counts its multiples; set it, or take tiki_taka, which writes without steps")
	}
	return nil
}

// CheckRule implements RuleChecker.
func (*TikiTaka2) CheckRule(r *masks.Rule, _ masks.Network) error {
	return notProjected(r, "tiki_taka2")
}

// Price implements Cache: Σ|ΔC|.
func (*TikiTaka2) Price(x masks.Consolidation) float64 { return x.M1 }

// New implements Cache.
func (c *TikiTaka2) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	m := &tikiTaka2{TikiTaka2: c, fast: newFast(&c.FastArray, all, pool)}
	for _, s := range all {
		m.steps = append(m.steps, make([]float32, s.In*s.Out))
	}
	m.transfer, m.pending = m.add, m.holds
	return m
}

// tikiTaka2 is a TikiTaka2 of a network.
type tikiTaka2 struct {
	*TikiTaka2
	*fast
	steps [][]float32 // H of each array
}

var (
	_ masks.Accumulator   = (*tikiTaka2)(nil)
	_ masks.WriteCounting = (*tikiTaka2)(nil)
	_ masks.Local         = (*tikiTaka2)(nil)
	_ state.Stateful      = (*tikiTaka2)(nil)
)

// add adds αA/ε to H, and writes its whole steps to C.
func (m *tikiTaka2) add(t *tally, array, i int, c *float32) {
	h, epsilon, most := &m.steps[array][i], m.step(), float64(m.MaxPulses)
	before := float64(*h)
	sum := before + float64(float32(m.TikiTaka2.Alpha)*m.fast.fast[array][i])/epsilon
	n, left := min(max(math.Trunc(sum), -most), most), sum
	switch {
	case n == 0:
	case m.Forget:
		left = m.Momentum * sum
	default:
		left = sum - (1-m.Momentum)*n
	}
	*h = float32(left)
	t.accumulated.Add(masks.Accumulation{Updates: 1, Amount: epsilon * math.Abs(float64(*h)-before), Reads: 1, Writes: 1})
	if n != 0 {
		m.write(t, array, i, c, n*epsilon)
	}
}

// holds reports whether H has whole steps left, of a write that MaxPulses cut short.
func (m *tikiTaka2) holds(array, i int) bool { return math.Abs(float64(m.steps[array][i])) >= 1 }

// Bits implements Accumulating: of A and H.
func (m *tikiTaka2) Bits(layer int) int64 { return 2 * m.fast.Bits(layer) }

// State implements state.Stateful.
func (m *tikiTaka2) State(v state.Visitor) {
	m.fast.State(v)
	state.Float32Arrays(v, "steps", m.steps)
}

// Locality implements Local.
func (m *tikiTaka2) Locality() (masks.Locality, error) { return localityOf(m.TikiTaka2.Rows) }
