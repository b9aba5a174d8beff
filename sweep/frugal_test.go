package sweep

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/configs"
)

// The presets that a search found are the rules that the benchmark frontier measures.
func TestFrugalPresetsAreWhatIsMeasured(t *testing.T) {
	b, err := Load("frontier", false)
	if err != nil {
		t.Fatal(err)
	}
	measured := map[string]*configs.Config{}
	for _, c := range planned(t, b) {
		measured[c.Label] = c.Config
	}
	for preset, label := range map[string]string{"frugal_m0": "frugal M0", "frugal_m1": "frugal M1", "frugal_writes": "frugal writes"} {
		want, err := configs.Load(preset, []string{"data.validation=10000"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(learning(t, want), learning(t, measured[label])); diff != "" {
			t.Errorf("%s is not what the benchmark calls %s (-preset +measured):\n%s", preset, label, diff)
		}
	}
}

// learning writes out what a config says of the network and how it learns.
func learning(t *testing.T, c *configs.Config) string {
	t.Helper()
	bare := configs.Default()
	bare.Data, bare.Model, bare.Rule = c.Data, c.Model, c.Rule
	bare.Train.Batch, bare.Train.Sampling = c.Train.Batch, c.Train.Sampling
	text, err := bare.YAML(false)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
