package theory

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
)

// What sampling a model takes is part of learning: nothing where a run does not sample, unknown
// where it does and has no price.
func TestSamplingIsLearning(t *testing.T) {
	for text, want := range map[string]struct {
		joules  float64
		unknown []string
	}{
		`{"forward": 1, "backward": 2, "update": 4, "maintenance": 0}`:                                                                        {joules: 7},
		`{"forward": 1, "backward": 2, "update": 4, "maintenance": 0, "sampling": 8}`:                                                         {joules: 15},
		`{"forward": 1, "backward": 2, "update": 4, "maintenance": 0, "accumulate": 16}`:                                                      {joules: 23},
		`{"forward": 1, "backward": 2, "update": 4, "maintenance": 0, "unpriced": {"accumulate": "3 changes of accumulators have no price"}}`: {math.NaN(), []string{"accumulate is unknown: 3 changes of accumulators have no price"}},
		`{"forward": 1, "backward": 2, "update": 4, "maintenance": 0, "unpriced": {"sampling": "3 weight reads have no price"}}`:              {math.NaN(), []string{"sampling is unknown: 3 weight reads have no price"}},
	} {
		var j RunJoules
		if err := json.Unmarshal([]byte(text), &j); err != nil {
			t.Fatal(err)
		}
		if got := j.Learning(); got != want.joules && !(math.IsNaN(got) && math.IsNaN(want.joules)) {
			t.Errorf("%s: learning takes %v J, want %v", text, got, want.joules)
		}
		if got := j.Unknown(); !slices.Equal(got, want.unknown) {
			t.Errorf("%s: unknown are %q, want %q", text, got, want.unknown)
		}
	}
}
