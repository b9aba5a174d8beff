package concentration

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"ergon/internal/bounded"
	"ergon/internal/schema"
	"ergon/theory/descent"
)

// bench is what the law reads in the bench.json of a benchmark, at one goal.
type bench struct {
	Baseline string     `json:"baseline"`
	Goals    []float64  `json:"goals"`
	Rows     []benchRow `json:"rows"`
	Asked    *struct {
		Rules map[string][]string `json:"rules"` // path=value, by label
	} `json:"benchmark"`
}

// benchRow is what a rule took to a goal, over the seeds.
type benchRow struct {
	Label         string    `json:"label"`
	Goal          float64   `json:"goal"`
	Presentations *interval `json:"presentations"`
	Longer        *interval `json:"presentations_saving"`
	M0            *interval `json:"m0_saving"`
	M1            *interval `json:"m1_saving"`
}

// interval is a mean and its 95 % interval; nil: no spread is known.
type interval struct {
	Mean float64  `json:"mean"`
	Lo   *float64 `json:"lo"`
	Hi   *float64 `json:"hi"`
}

const (
	benchFile = "bench.json"
	maxBench  = 64 << 20
)

// readBench reads the results of the benchmark, nil if none is named, at the goal of the course, or
// the only one there is.
func (c *Concentration) readBench() (*bench, error) {
	if c.Bench == "" {
		return nil, nil
	}
	text, err := bounded.FileIn(c.Bench, benchFile, maxBench)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, schema.Fieldf("bench", "%s has no bench.json: it is not the folder of a benchmark, or none of its runs has ended", c.Bench)
	} else if err != nil {
		return nil, err
	}
	b := new(bench)
	if err := bounded.JSON(text, b); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(c.Bench, benchFile), err)
	}
	if b.Asked == nil {
		return nil, schema.Fieldf("bench", "%s does not say what its rules are: an older version wrote it; run the benchmark again, which keeps its runs", c.Bench)
	}
	goal := c.Goal
	if goal == 0 && len(b.Goals) == 1 {
		goal = b.Goals[0]
	}
	if !slices.Contains(b.Goals, goal) {
		return nil, schema.Fieldf("goal", "%g, and %s has the goals %v; give one of them", c.Goal, c.Bench, b.Goals)
	}
	b.Rows = slices.DeleteFunc(b.Rows, func(r benchRow) bool { return r.Goal != goal })
	return b, nil
}

// selections are the rules of the benchmark but for the baseline, in its order.
func (b *bench) selections() (all []selected) {
	for _, row := range b.Rows {
		if settings, ok := b.Asked.Rules[row.Label]; ok && row.Label != b.Baseline {
			all = append(all, selected{row.Label, settings})
		}
	}
	return all
}

// of returns the row of a rule, nil if the benchmark does not have it.
func (b *bench) of(run *descent.Run, rule descent.Rule) *benchRow {
	for i, row := range b.Rows {
		settings, ok := b.Asked.Rules[row.Label]
		if !ok || slices.ContainsFunc(settings, func(s string) bool { return !strings.HasPrefix(s, "rule.") }) {
			continue
		}
		if other, err := run.Rule(row.Label, settings); err == nil && other.Same(rule) {
			return &b.Rows[i]
		}
	}
	return nil
}

// cells returns mean and interval, NaN where they are not known.
func (x *interval) cells() (mean, lo, hi float64) {
	mean, lo, hi = math.NaN(), math.NaN(), math.NaN()
	if x == nil {
		return mean, lo, hi
	}
	if x.Lo != nil && x.Hi != nil {
		lo, hi = *x.Lo, *x.Hi
	}
	return x.Mean, lo, hi
}
