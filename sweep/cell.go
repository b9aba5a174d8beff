package sweep

import (
	"errors"
	"slices"
	"strings"

	"ergon/configs"
	"ergon/datasets"
	"ergon/internal/schema"
)

// Cell is one run of a benchmark.
type Cell struct {
	Label  string // of the rule, with the grid point
	Seed   uint64
	Config *configs.Config
	Hash   string // of the config: cells of equal hash are one run
	former string // hash that it had when budgets were counted in steps; empty: it has no budget

	// Sources, where it is set, are the only data and price tables with which the cell may
	// run; nil: those that its config names now.
	Sources *Sources
}

// Cells resolves the config of every cell, all rules of a seed before the next
// seed, so that a benchmark that is stopped early has compared all rules.
// Settings come in this order, later ones win: the base, the benchmark's,
// overrides, the rule's, the grid's, and what a benchmark sets itself, which
// only the base may have set before.
func (b *Bench) Cells(overrides []Setting) (cells []Cell, err error) {
	arms, resolved, err := b.resolve(overrides)
	if err != nil {
		return nil, err
	}
	if !b.MaybeEqual {
		if err := b.checkDistinct(arms, resolved); err != nil {
			return nil, err
		}
	}
	if err := b.checkGoals(arms, resolved); err != nil {
		return nil, err
	}
	if err := b.checkWindows(arms, resolved); err != nil {
		return nil, err
	}
	for _, seed := range b.Seeds {
		for i, a := range arms {
			cell, err := b.Cell(a.label, seed, resolved[i])
			if err != nil {
				return nil, err
			}
			cells = append(cells, cell)
		}
	}
	return cells, nil
}

// Cell returns the run of a rule, at a grid point, with a seed. config is the rule's; its own
// seed does not matter.
func (b *Bench) Cell(label string, seed uint64, config *configs.Config) (Cell, error) {
	c := *config
	c.Seed = seed
	hash, err := c.Hash()
	if err != nil {
		return Cell{}, err
	}
	former, err := b.formerHash(c)
	return Cell{Label: label, Seed: seed, Config: &c, Hash: hash, former: former}, err
}

// resolve returns the arms of a benchmark, and the config of each, but for the seed.
func (b *Bench) resolve(overrides []Setting) (arms []arm, resolved []*configs.Config, err error) {
	arms = b.arms()
	if err := withoutEffect(overrides, arms); err != nil {
		return nil, nil, err
	}
	var problems schema.Errors
	for _, a := range arms {
		config, err := b.config(slices.Concat(b.Set, overrides, a.set))
		if many, ok := errors.AsType[schema.Errors](err); ok {
			problems = append(problems, many...)
		} else if err != nil {
			return nil, nil, err
		}
		resolved = append(resolved, config)
	}
	if len(problems) > 0 {
		return nil, nil, distinct(problems)
	}
	return arms, resolved, nil
}

// withoutEffect refuses a setting for all rules that each of them, or the grid, replaces.
func withoutEffect(overrides []Setting, arms []arm) error {
	for _, o := range overrides {
		replaced := func(s Setting) bool { return related(s.Path, o.Path) && len(s.Path) <= len(o.Path) }
		kept := func(a arm) bool { return !slices.ContainsFunc(a.set, replaced) }
		if len(arms) > 0 && !slices.ContainsFunc(arms, kept) {
			return &schema.Error{File: schema.CommandLine, Path: o.Path, Problem: "has no effect: every rule of the benchmark, or its grid, sets it", Hint: "change it in a copy of the file"}
		}
	}
	return nil
}

// config resolves settings over the base, and makes the benchmark's own.
func (b *Bench) config(settings []Setting) (*configs.Config, error) {
	if err := b.checkReserved(settings); err != nil {
		return nil, err
	}
	overrides := make([]string, len(settings))
	for i, s := range settings {
		overrides[i] = s.Path + "=" + s.Value
	}
	c, err := configs.Load(b.Base, overrides)
	if err != nil {
		return nil, located(err, settings)
	}
	if err := b.checkData(c.Data, settings); err != nil {
		return nil, err
	}
	c.Likelihood.Goals = nil // the benchmark has its own, which may change when runs are done
	if err := b.checkModel(c, settings); err != nil {
		return nil, err
	}
	c.Out = configs.Out{}
	c.Engine.Threads = 1
	c.Train.Goals = b.Goals
	switch asked := func(s Setting) bool { return related(s.Path, "train.stop_at") }; {
	case b.Stop && len(b.Goals) > 0:
		c.Train.StopAt = b.Goals[len(b.Goals)-1]
	case !slices.ContainsFunc(settings, asked):
		c.Train.StopAt = 0 // what the base stops at is a goal of its own
	}
	if b.Budget > 0 {
		c.Train.Epochs, c.Train.MaxSteps, c.Train.MaxPresentations = 0, 0, b.Budget
	}
	return c, nil
}

// checkData refuses data on which there is no accuracy, if that is what is compared.
func (b *Bench) checkData(data datasets.Spec, settings []Setting) error {
	if _, ok := data.(datasets.Teacher); !ok || len(b.Goals) == 0 {
		return nil
	}
	p := &schema.Error{File: b.Base, Path: "data", Problem: "a benchmark compares at equal accuracy, and a teacher has real-valued targets", Hint: "choose data with classes"}
	for _, s := range settings {
		if related(s.Path, "data.name") {
			p.File, p.Line = s.place()
		}
	}
	return schema.Errors{p}
}

// located gives problems with settings the places where those were given.
func located(err error, settings []Setting) error {
	problems, ok := errors.AsType[schema.Errors](err)
	if one, isOne := errors.AsType[*schema.Error](err); !ok && isOne {
		problems, ok = schema.Errors{one}, true
	}
	if !ok {
		return err
	}
	for _, p := range problems {
		for _, s := range slices.Backward(settings) { // later ones win
			if p.File != schema.CommandLine || !about(p, s) {
				continue
			}
			if s.File != "" {
				p.File, p.Line = s.File, s.Line
			}
			break
		}
	}
	return problems
}

// about says whether a problem is one of a setting; a path that cannot be read
// is told only in words.
func about(p *schema.Error, s Setting) bool {
	if p.Path == "" {
		return strings.Contains(p.Problem, s.Path+"=")
	}
	return related(p.Path, s.Path)
}

// related says whether one path leads through the other.
func related(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	rest, ok := strings.CutPrefix(b, a)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// distinct drops problems that several cells share.
func distinct(problems schema.Errors) schema.Errors {
	seen := map[string]bool{}
	return slices.DeleteFunc(problems, func(p *schema.Error) bool {
		text := p.Error()
		was := seen[text]
		seen[text] = true
		return was
	})
}
