package sweep

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/configs"
)

// The presets that the search found are the rules that their benchmark measures.
func TestFrugalPresetsAreWhatIsMeasured(t *testing.T) {
	b, err := Load("frugal", false)
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]*configs.Config{}
	for _, c := range planned(t, b) {
		measured[c.Label] = c.Config
	}
	for preset, label := range map[string]string{"frugal_m0": "frugal M0", "frugal_m1": "frugal M1"} {
		want, err := configs.Load(preset, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := measured[label]
		if diff := cmp.Diff([]any{want.Data, want.Model, want.Rule, want.Train.Batch, want.Train.Sampling},
			[]any{got.Data, got.Model, got.Rule, got.Train.Batch, got.Train.Sampling}); diff != "" {
			t.Errorf("%s is not what the benchmark calls %s (-preset +measured):\n%s", preset, label, diff)
		}
	}
}
