package theory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

// runSummary is what theories read of a run's summary.json.
type runSummary struct {
	Parameters int `json:"parameters"`
	Energy     struct {
		Model    map[string]runJoules `json:"joules_model"`
		Measured *struct {
			Joules *float64 `json:"joules"`
			Source string   `json:"source"`
		} `json:"joules_measured"`
		Bounds *runBounds `json:"bounds"`
	} `json:"energy"`
}

// runJoules are the stages of a run by a price table, in J; nil is unknown.
type runJoules struct {
	Forward  *float64 `json:"forward"`
	Backward *float64 `json:"backward"`
	Update   *float64 `json:"update"`
	Unit     string   `json:"unit"` // of a table that does not speak of joules; else J
}

// training is the sum of the stages of learning, NaN where one is unknown.
func (j runJoules) training() float64 { return orNaN(j.Forward) + orNaN(j.Backward) + orNaN(j.Update) }

// runBounds are the bounds that a run measured.
type runBounds struct {
	Temperature   float64  `json:"temperature"`
	Erasure       float64  `json:"erasure"`
	Units         int      `json:"units"`
	ActiveUnits   *float64 `json:"active_units"`
	Dynamic       *float64 `json:"dynamic_inference"`
	DynamicSparse *float64 `json:"dynamic_inference_sparse"`
	Presentations int64    `json:"presentations"`
	Gradients     *struct {
		Ratio float64 `json:"r"`
	} `json:"gradients"`
}

// gradientRatio is the R of the run, or its infimum where gradients were not
// sampled.
func (s *runSummary) gradientRatio() float64 {
	if g := s.Energy.Bounds.Gradients; g != nil {
		return max(g.Ratio, 1)
	}
	return 1
}

// readRun reads the summary of a run directory.
func readRun(dir string) (*runSummary, error) {
	path := filepath.Join(dir, "summary.json")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s has no summary.json: it is not a run directory, or the run has not ended", dir)
	} else if err != nil {
		return nil, err
	}
	s := new(runSummary)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if b := s.Energy.Bounds; b == nil || b.Temperature <= 0 || s.Parameters <= 0 {
		return nil, fmt.Errorf("%s holds no bounds: it was written by an older version; run it again", path)
	}
	return s, nil
}

// orNaN returns what is known, or NaN.
func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
