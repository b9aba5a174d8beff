package energy

import "testing"

// A baseline that nothing can measure is a mistake, not a silent null.
func TestBaselineNeedsMeter(t *testing.T) {
	if err := (&Spec{Meter: "none", Baseline: 3}).Validate(); err == nil {
		t.Error("no error for a baseline without a meter")
	}
	for _, s := range []Spec{{Meter: "none"}, {Meter: "auto", Baseline: 3}, {Meter: "rapl", Baseline: 3}} {
		if err := s.Validate(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
