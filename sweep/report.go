package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"

	"ergon/internal/atomicfile"
	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// Report is the result of a benchmark: bench.json.
type Report struct {
	Name     string    `json:"name"`
	Summary  string    `json:"summary"`
	Baseline string    `json:"baseline"`
	Goals    []float64 `json:"goals"`
	GoalsOn  string    `json:"goals_on"` // the set whose accuracy they are: test, or validation
	Criterion
	Seeds  []uint64     `json:"seeds"`
	Config string       `json:"config_hash"` // of all cells' configs
	Asked  *Asked       `json:"benchmark"`   // what was compared; null: not said
	Rows   []*Row       `json:"rows"`        // for each goal, the rules in their order
	Cells  []CellReport `json:"cells"`

	// FreeEnergy is nil where the benchmark does not ask for it.
	FreeEnergy *FreeEnergy `json:"free_energy,omitempty"`

	// Likelihood is nil where the benchmark compares no Boltzmann machines.
	Likelihood *Likelihood `json:"likelihood,omitempty"`

	bench    *Bench
	outcomes []Outcome
}

// CellReport is the result of one run.
type CellReport struct {
	Label            string            `json:"label"`
	Seed             uint64            `json:"seed"`
	Hash             string            `json:"hash"`
	Directory        string            `json:"directory"` // relative to the benchmark's folder
	Status           string            `json:"status"`    // as in summary.json, or pending
	Error            string            `json:"error,omitempty"`
	Steps            int               `json:"steps"`
	Samples          int               `json:"samples"`
	BestTestAccuracy *float64          `json:"best_test_accuracy"`
	Wall             float64           `json:"wall_s"`
	Crossings        []rundir.Crossing `json:"crossings"`
	FirstCrossings   []rundir.Crossing `json:"first_crossings,omitempty"` // beside sustained ones

	// BestValidationAccuracy is nil where nothing is held out.
	BestValidationAccuracy *float64 `json:"best_validation_accuracy,omitempty"`
}

// NewReport compares the outcomes of a benchmark's cells.
func (b *Bench) NewReport(outcomes []Outcome) *Report {
	r := &Report{
		Name: b.Name, Summary: b.Summary, Baseline: b.Baseline, Goals: b.Goals, GoalsOn: goalsOn(outcomes), Criterion: criterion(outcomes), Seeds: b.Seeds,
		Rows: []*Row{}, Cells: []CellReport{}, FreeEnergy: b.freeEnergy(outcomes), Likelihood: b.compareLikelihoods(outcomes), bench: b, outcomes: outcomes,
	}
	digest, runs := sha256.New(), map[string][]Outcome{}
	for _, o := range outcomes {
		digest.Write([]byte(o.Hash))
		runs[o.Label] = append(runs[o.Label], o)
		r.Cells = append(r.Cells, newCellReport(&o))
	}
	r.Config = hex.EncodeToString(digest.Sum(nil)[:5])
	for _, goal := range b.Goals {
		r.Rows = append(r.Rows, b.rows(goal, runs)...)
	}
	markFront(r.Rows, "m0", func(r *Row) *estimate.Estimate { return r.M0 })
	markFront(r.Rows, "m1", func(r *Row) *estimate.Estimate { return r.M1 })
	r.markFrontiers()
	return r
}

// rows compares all rules at a goal.
func (b *Bench) rows(goal float64, runs map[string][]Outcome) (rows []*Row) {
	byLabel := map[string]*Row{}
	for _, a := range b.arms() {
		row := newRow(a.label, goal, runs[a.label])
		row.Published = b.publishedFor(a, goal)
		byLabel[a.label] = row
		rows = append(rows, row)
	}
	for i, a := range b.arms() {
		rows[i].save(byLabel[b.baselineOf(a)])
	}
	return rows
}

// publishedFor returns what a paper reports for an arm, or else for its rule.
func (b *Bench) publishedFor(a arm, goal float64) (found *Published) {
	for i, p := range b.Published {
		if p.Goal == goal && (p.Label == a.label || p.Label == a.rule && found == nil) {
			found = &b.Published[i]
		}
	}
	return found
}

func newCellReport(o *Outcome) CellReport {
	c := CellReport{
		Label: o.Label, Seed: o.Seed, Hash: o.Hash, Directory: filepath.ToSlash(filepath.Join(cellsFolder, filepath.Base(string(o.Directory)))),
		Status: o.Status(), Crossings: []rundir.Crossing{},
	}
	if o.Err != nil {
		c.Error = o.Err.Error()
	}
	if s := o.Summary; s != nil {
		if s.Validated != nil {
			c.BestValidationAccuracy = s.BestValidationAccuracy
		}
		c.Steps, c.Samples, c.BestTestAccuracy, c.Wall, c.Crossings = s.Steps, s.Samples, s.BestTestAccuracy, s.Wall, s.Crossings
		c.FirstCrossings = firstCrossings(s)
	}
	return c
}

// WriteJSON writes bench.json.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Write writes bench.json, bench.csv, bench.md, frontier.csv where a rule has accumulators, free-energy.csv and likelihood.csv where these are asked
// for, and the figures into a folder, each whole or not at all.
func (r *Report) Write(folder string) error {
	err := errors.Join(
		atomicfile.WriteIn(folder, jsonFile, r.WriteJSON),
		atomicfile.WriteIn(folder, csvFile, r.WriteCSV),
		atomicfile.WriteIn(folder, markdownFile, r.WriteMarkdown),
	)
	err = errors.Join(err,
		writeOrRemove(folder, frontierFile, r.accumulates(), r.WriteFrontierCSV),
		writeOrRemove(folder, freeEnergyFile, r.FreeEnergy != nil, r.WriteFreeEnergyCSV),
		writeOrRemove(folder, likelihoodFile, r.Likelihood != nil, r.WriteLikelihoodCSV),
	)
	if r.bench.Figures {
		err = errors.Join(err, r.writeFigures(folder))
	}
	return err
}

// writeOrRemove writes a file where it is asked for, and else removes what an earlier call wrote.
func writeOrRemove(folder, name string, asked bool, write func(io.Writer) error) error {
	if asked {
		return atomicfile.WriteIn(folder, name, write)
	}
	return atomicfile.RemoveIn(folder, name)
}
