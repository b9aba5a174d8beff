package theory

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"syscall"

	"ergon/internal/bounded"
)

// RunSummary is what theories read in the summary.json of a run.
type RunSummary struct {
	Parameters        int      `json:"parameters"`
	SpeedEfficiency   *float64 `json:"speed_efficiency"` // |w_n - w_0|²/(W Σ η_t)
	NoSpeedEfficiency string   `json:"speed_efficiency_not_known"`
	Information       *float64 `json:"information"` // in nats of each presentation
	NoInformation     string   `json:"information_not_known"`
	Energy            struct {
		Model    map[string]RunJoules `json:"joules_model"`
		Measured *struct {
			Joules *float64 `json:"joules"`
			Source string   `json:"source"`
		} `json:"joules_measured"`
		NotMeasured string `json:"joules_not_measured"` // why measured is null
		Work        *struct {
			Dissipated *float64 `json:"dissipated"` // W, in units of the loss
		} `json:"work"`
		NoWork string     `json:"work_not_measured"`
		Bounds *RunBounds `json:"bounds"`
		Layers []RunLayer `json:"layers"`
	} `json:"energy"`
}

// RunLayer is the size of a layer of synapses.
type RunLayer struct {
	Parameters int `json:"parameters"`
	Positions  int `json:"positions"` // of a convolution, which share the parameters; 0 is one
}

// Uses returns how many parameters a digital machine meets in an inference: those of a
// convolution once at each of its positions.
func (s *RunSummary) Uses() (n float64) {
	for _, l := range s.Energy.Layers {
		n += float64(l.Parameters) * float64(max(l.Positions, 1))
	}
	return n
}

// RunJoules are the stages of a run by a price table, in J; nil is unknown.
type RunJoules struct {
	Forward     *float64          `json:"forward"`
	Backward    *float64          `json:"backward"`
	Sampling    *float64          `json:"sampling"` // nil also where nothing is sampled: Unpriced then does not name it
	Update      *float64          `json:"update"`
	Accumulate  *float64          `json:"accumulate"` // of what changes beside the weights; nil also where nothing does
	Maintenance *float64          `json:"maintenance"`
	Unpriced    map[string]string `json:"unpriced"` // why a stage is nil
	Unit        string            `json:"unit"`     // of the prices; "" is J
	File        string            `json:"file"`     // of the table, where it is not a built-in one
	SHA256      string            `json:"sha256"`
}

// Learning returns the energy of passes, of updates, and, where there are such, of sampling and of changes
// beside the weights in J, NaN if one of them is unknown.
func (j RunJoules) Learning() float64 {
	sum := OrNaN(j.Forward) + OrNaN(j.Backward) + OrNaN(j.Update)
	if j.samples() {
		sum += OrNaN(j.Sampling)
	}
	if j.accumulates() {
		sum += OrNaN(j.Accumulate)
	}
	return sum
}

// samples says whether the run samples its model, as Boltzmann machines do.
func (j RunJoules) samples() bool { return j.Sampling != nil || j.Unpriced["sampling"] != "" }

// accumulates says whether the bill has what changed beside the weights.
func (j RunJoules) accumulates() bool { return j.Accumulate != nil || j.Unpriced["accumulate"] != "" }

// Whole returns the energy of a run in J: of learning, and of keeping the
// synapses meanwhile. It is NaN if a part is unknown.
func (j RunJoules) Whole() float64 { return j.Learning() + OrNaN(j.Maintenance) }

// Unknown says which stages are unknown, each with the reason.
func (j RunJoules) Unknown() (reasons []string) {
	for _, stage := range []struct {
		name   string
		joules *float64
	}{{"forward", j.Forward}, {"backward", j.Backward}, {"sampling", j.Sampling}, {"update", j.Update}, {"accumulate", j.Accumulate}, {"maintenance", j.Maintenance}} {
		if stage.joules != nil || stage.name == "sampling" && !j.samples() || stage.name == "accumulate" && !j.accumulates() {
			continue
		}
		reason := j.Unpriced[stage.name]
		if reason == "" {
			reason = "the run does not say why"
		}
		reasons = append(reasons, stage.name+" is unknown: "+reason)
	}
	return reasons
}

// RunBounds are the bounds that a run measured; nil is not measured.
type RunBounds struct {
	Temperature   float64  `json:"temperature"`              // K
	Erasure       float64  `json:"erasure"`                  // J, of all weights written (Landauer)
	Units         int      `json:"units"`                    // reset after each inference
	ActiveUnits   *float64 `json:"active_units"`             // on average, of them
	Dynamic       *float64 `json:"dynamic_inference"`        // J per presentation (Eq. 5)
	DynamicSparse *float64 `json:"dynamic_inference_sparse"` // J per presentation, approximation for few active units
	Presentations int64    `json:"presentations"`            // learned from
	Gradients     *struct {
		Ratio float64 `json:"r"` // ⟨|g|²⟩ over the variance of g
	} `json:"gradients"`
	GradientsLast *struct {
		Threshold *float64 `json:"kt_threshold_batch"` // kT* of the steps as they were made, in units of the loss
	} `json:"gradients_last"` // since the last evaluation but one
}

// GradientRatio returns the run's R, ⟨|g|²⟩ over the variance of g, or the infimum 1 if
// gradients were not sampled.
func (s *RunSummary) GradientRatio() float64 {
	if g := s.Energy.Bounds.Gradients; g != nil {
		return max(g.Ratio, 1)
	}
	return 1
}

// WorkAtThreshold returns the work W in units of kT*, NaN if it or kT* is not known.
func (s *RunSummary) WorkAtThreshold() float64 {
	if s.Energy.Work == nil || s.Energy.Bounds.GradientsLast == nil {
		return math.NaN()
	}
	ratio := OrNaN(s.Energy.Work.Dissipated) / OrNaN(s.Energy.Bounds.GradientsLast.Threshold)
	if math.IsInf(ratio, 0) {
		return math.NaN()
	}
	return ratio
}

// The file that ReadRun reads, and what it can hold, in bytes.
const (
	summaryFile = "summary.json"
	maxSummary  = 4 << 20
)

// ReadRun reads the summary of a run directory.
func ReadRun(dir string) (*RunSummary, error) {
	path := filepath.Join(dir, summaryFile)
	text, err := bounded.FileIn(dir, summaryFile, maxSummary)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, fmt.Errorf("%s has no summary.json: it is not a run directory, or the run has not ended", dir)
	} else if err != nil {
		return nil, err
	}
	s := new(RunSummary)
	if err := bounded.JSON(text, s); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if b := s.Energy.Bounds; b == nil || b.Temperature <= 0 || s.Parameters <= 0 {
		return nil, fmt.Errorf("%s holds no bounds: it was written by an older version; run it again", path)
	}
	if s.Uses() == 0 {
		return nil, fmt.Errorf("%s holds no layers: it was written by an older version; run it again", path)
	}
	return s, nil
}

// OrNaN returns what x points to, NaN if x is nil.
func OrNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
