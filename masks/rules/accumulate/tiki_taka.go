package accumulate

import (
	"ergon/internal/parallel"
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// TikiTaka adds updates up in a fast array of devices beside the weights, and writes a share of
// one of its rows to the weights now and then (Gokmen & Haensch 2020):
//
//	A ← A + ΔJ - |ΔJ|A/b     every step, within ±b
//	C ← C + αA               every TransferEvery presentations, for the next Rows rows
//
// ΔJ is the optimizer's: its rate is that of the fast array. M0 and M1 are of C: M0 counts the
// synapses of the rows read whose A is not 0, and M1 is Σ|αA|.
type TikiTaka struct {
	FastArray
}

var (
	_ masks.Cache       = (*TikiTaka)(nil)
	_ masks.RuleChecker = (*TikiTaka)(nil)
)

func init() {
	masks.Caches.Register("tiki_taka", schema.Doc{
		Summary: "updates go to a fast array, a share of which is added to the weights row by row", Source: "Gokmen & Haensch 2020, Front. Neurosci. 14:103",
		Definition: "Every step A ← A + Δw - |Δw|·A/bound, within ±bound. Every transfer_every presentations, for the next rows: C ← C + alpha·A. " +
			"The network computes with C + gamma·A. Without a bound A only adds up, and weights swing about their goal. M0 and M1 are of C; changes of A are counted as accumulate.",
	}, func() masks.Cache {
		return &TikiTaka{FastArray{Alpha: 0.5, Bound: 0.05, TransferEvery: 1, Rows: 1}}
	})
}

// CheckRule implements RuleChecker.
func (*TikiTaka) CheckRule(r *masks.Rule, _ masks.Network) error {
	return notProjected(r, "tiki_taka")
}

// Price implements Cache: Σ|ΔC|.
func (*TikiTaka) Price(x masks.Consolidation) float64 { return x.M1 }

// New implements Cache.
func (c *TikiTaka) New(all []*masks.Synapses, pool *parallel.Pool) masks.Memory {
	m := &tikiTaka{newFast(&c.FastArray, all, pool)}
	m.transfer = m.add
	return m
}

// tikiTaka is a TikiTaka of a network.
type tikiTaka struct{ *fast }

var (
	_ masks.Accumulator   = (*tikiTaka)(nil)
	_ masks.WriteCounting = (*tikiTaka)(nil)
	_ masks.Local         = (*tikiTaka)(nil)
	_ state.Stateful      = (*tikiTaka)(nil)
)

// add adds αA to C.
func (m *tikiTaka) add(t *tally, array, i int, c *float32) {
	m.write(t, array, i, c, float64(float32(m.Alpha)*m.fast.fast[array][i]))
}

// Locality implements Local.
func (m *tikiTaka) Locality() (masks.Locality, error) { return localityOf(m.Rows) }
