package accumulate_test

import (
	"testing"

	"ergon/masks"
	"ergon/masks/rules/accumulate"
)

// Steps that do not divide the interval of transfers lose no presentation: in 25 steps of 64 there are
// 16 of every 100.
func TestTransfersComeInTime(t *testing.T) {
	all := masks.Arrays([]masks.Layer{{In: 3, Out: 2}})
	all[0].Weights = make([]float32, 6)
	for name, cache := range map[string]masks.Cache{
		"low_rank":        &accumulate.LowRank{Rank: 1, Batch: 100},
		"mixed_precision": &accumulate.MixedPrecision{Device: accumulate.Device{Epsilon: 0.1}, TransferEvery: 100, Residue: "kept"},
	} {
		m, tries := cache.New(all, nil), 0
		m.Start()
		for range 25 {
			m.Consolidate(64, make([]masks.Change, 1))
			if m.(masks.Accumulating).Accumulated(masks.Usage{}).Reads > 0 {
				tries++
			}
		}
		if tries != 16 {
			t.Errorf("%s: %d transfers", name, tries)
		}
	}
}

// An accumulator at rest is not read, whichever way all rows are asked for.
func TestWhatRestsIsNotRead(t *testing.T) {
	all := masks.Arrays([]masks.Layer{{In: 3, Out: 2}})
	all[0].Weights = make([]float32, 6)
	for rows, want := range map[int]int64{0: 0, 3: 0, 1000: 0, 1: 2} {
		m := (&accumulate.MixedPrecision{Device: accumulate.Device{Epsilon: 0.1}, TransferEvery: 1, Rows: rows, Residue: "kept"}).New(all, nil)
		m.Start()
		m.Consolidate(1, make([]masks.Change, 1))
		if got := m.(masks.Accumulating).Accumulated(masks.Usage{}).Reads; got != want {
			t.Errorf("rows %d: %d reads, want %d", rows, got, want)
		}
	}
}

// Without a step nothing accumulates, and settings of how it is written are refused.
func TestSettingsWithoutAStep(t *testing.T) {
	for _, c := range []accumulate.MixedPrecision{{TransferEvery: 10}, {Rows: 3}, {Visible: true}, {Residue: "written"}, {Levels: 4}} {
		if c.Validate() == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
	if err := (&accumulate.MixedPrecision{TransferEvery: 1, Residue: "kept"}).Validate(); err != nil {
		t.Error(err)
	}
}
