package energy

import (
	"encoding/json"
	"strings"
	"testing"
)

// The account of a cache adds up, keeps totals apart from later steps, and is
// not there without a cache.
func TestCached(t *testing.T) {
	l := NewLedger([]Layer{{Name: "layer 1", In: 2, Out: 1, Parameters: 2}})
	bare := func() string {
		text, err := json.Marshal([]any{l.Total(), l.Layers})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	l.Record([]Step{{M0: 1, M1: 1}})
	if strings.Contains(bare(), "consolidated") || l.Total().Cached != nil {
		t.Errorf("a ledger without a cache speaks of one: %s", bare())
	}
	step := []Step{{M0: 2, M1: 0.5, Cached: &Cached{M0Consolidated: 1, M1Consolidated: 0.25, TransientL1: 3}}}
	l.Record(step)
	first := l.Total()
	l.Record(step)
	if *first.Cached != (Cached{1, 0.25, 3}) || *l.Total().Cached != (Cached{2, 0.5, 6}) || *l.Last().Cached != (Cached{1, 0.25, 3}) {
		t.Errorf("after one step %+v, after two %+v, the last alone %+v", *first.Cached, *l.Total().Cached, *l.Last().Cached)
	}
	if *l.Layers[0].Update.Cached != (Cached{2, 0.5, 6}) || *step[0].Cached != (Cached{1, 0.25, 3}) {
		t.Errorf("layer %+v, step %+v", *l.Layers[0].Update.Cached, *step[0].Cached)
	}
	if want := `"m0_consolidated":2,"m1_consolidated":0.5,"transient_l1":6`; strings.Count(bare(), want) != 2 {
		t.Errorf("%s: want %s in total and layer", bare(), want)
	}
}
