package sweep

import (
	"strconv"
	"strings"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/sweep/freeenergy"
)

// Bench is a benchmark: rules, each a set of settings over the same base, and
// the accuracies at which their costs are compared.
type Bench struct {
	Name      string      `json:"name"`      // part of the name of its folder
	Summary   string      `json:"summary"`   // the first comment line of its file
	Runtime   string      `json:"runtime"`   // how long it takes, in words
	Base      string      `json:"base"`      // preset or file that all cells start from
	Set       []Setting   `json:"set"`       // over the base, for all rules
	Rules     []Rule      `json:"rules"`     // at least one; labels differ
	Grid      []Axis      `json:"grid"`      // crossed with the rules; may be empty
	Seeds     []uint64    `json:"seeds"`     // at least one
	Goals     []float64   `json:"goals"`     // accuracies in (0,1], ascending, at least one unless there is a FreeEnergy or a Likelihood
	Stop      bool        `json:"stop"`      // a run ends at the highest goal
	Budget    int         `json:"budget"`    // presentations of a run; 0: what its config says
	Baseline  string      `json:"baseline"`  // label of the rule that savings are relative to
	Published []Published `json:"published"` // numbers of papers, shown beside ours
	Figures   bool        `json:"figures"`   // draw them

	// FreeEnergy says how temperatures are told from what runs measure of U and S; nil: they are not.
	FreeEnergy *freeenergy.Settings `json:"free_energy,omitempty"`

	// Likelihood says that Boltzmann machines are compared, and at which log-likelihoods; nil: they are not.
	Likelihood *LikelihoodSettings `json:"likelihood,omitempty"`

	Tune       *Tune          `json:"-"` // a search for a better rule; nil: none
	MaybeEqual bool           `json:"-"` // two rules may be one, as what a search finds may be the baseline
	Launch     configs.Launch `json:"-"` // how its cells are handed to others

	Winner *Tuning `json:"-"` // that a verdict judges; nil: this is no verdict
}

// LikelihoodSettings say how Boltzmann machines are compared.
type LikelihoodSettings struct {
	Goals []float64 `json:"goals"` // log-likelihoods of the test set, nats per example, ascending; may be empty
}

// Rule is one of the rules compared: its settings come after the benchmark's.
type Rule struct {
	Label string    `json:"label"`
	Set   []Setting `json:"set"`
}

// Axis is a setting that takes several values.
type Axis struct {
	Path   string    `json:"path"` // as in rule.optimizer.lr
	Key    string    `json:"key"`  // the path as it was given, as in lr
	Values []Setting `json:"values"`
}

// Published are numbers that a paper reports for a rule at a goal. What it does
// not report is nil.
type Published struct {
	Label         string   `json:"label"`
	Goal          float64  `json:"goal"`
	Presentations *float64 `json:"presentations"`
	M0            *float64 `json:"m0"`
	M1            *float64 `json:"m1"`
	M0Saving      *float64 `json:"m0_saving"`
	M1Saving      *float64 `json:"m1_saving"`
	Inefficiency  *float64 `json:"inefficiency"` // M1/M1min

	// Of Boltzmann machines at the end of their runs, of the test set, in nats per example; there is no goal.
	Likelihood       *float64 `json:"likelihood,omitempty"`
	PseudoLikelihood *float64 `json:"pseudo_likelihood,omitempty"`

	Source string `json:"source"`
	Quoted bool   `json:"quoted,omitempty"` // taken from elsewhere, and not read in the source itself
}

// origin is the source as tables name it.
func (p *Published) origin() string {
	if p.Quoted {
		return p.Source + " (quoted, not verified)"
	}
	return p.Source
}

// Setting is an override of a config, and where it was given.
type Setting struct {
	Path  string `json:"path"`  // as in rule.mask[0].p
	Value string `json:"value"` // YAML on one line
	File  string `json:"-"`     // "" for the command line
	Line  int    `json:"-"`
}

// labels lists the rules.
func (b *Bench) labels() []string {
	labels := make([]string, len(b.Rules))
	for i, r := range b.Rules {
		labels[i] = r.Label
	}
	return labels
}

// Overrides reads settings of the command line, path=value, for all cells.
func Overrides(assignments []string) (settings []Setting, err error) {
	for _, a := range assignments {
		path, value, found := strings.Cut(a, "=")
		if !found {
			return nil, &schema.Error{File: schema.CommandLine, Problem: strconv.Quote(a) + ` has no "="`, Hint: "overrides look like rule.optimizer.lr=0.1"}
		}
		s := Setting{Path: longPath(path), Value: value}
		if refused := refuse(s.Path, reservedAlways); refused != nil {
			refused.File, refused.Line = s.place()
			return nil, refused
		}
		settings = append(settings, s)
	}
	return settings, nil
}
