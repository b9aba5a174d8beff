package configs

import (
	"strings"
	"testing"

	"ergon/internal/schema"
)

// Whatever a run computes with is a float32: a setting of data, model or rule that is
// zero there and was not written so is an error, in every kind.
func TestZeroInFloat32(t *testing.T) {
	checked := 0
	for _, s := range schema.Settings(Default()) {
		section, _, _ := strings.Cut(s.Path, ".")
		if !strings.HasSuffix(s.Type, "float") || section != "data" && section != "model" && section != "rule" {
			continue
		}
		for text, want := range map[string]string{"1e-60": "1e-60 is 0 in float32", "1e-400": "1e-400 is too small", "1e60": "1e60 is "} {
			_, err := Load(DefaultPreset, append(s.Kinds[:len(s.Kinds):len(s.Kinds)], s.Path+"="+text))
			if err == nil || !strings.Contains(err.Error(), s.Path+": "+want) && !strings.Contains(err.Error(), " is outside ") {
				t.Errorf("%v %s=%s: %v", s.Kinds, s.Path, text, err)
			}
		}
		checked++
	}
	if checked < 30 {
		t.Errorf("%d settings were found", checked)
	}
	if c := load(t, "mnist", "energy.temperature=1e-60"); c.Energy.Temperature != 1e-60 {
		t.Error("bounds are computed in float64")
	}
}
