package sweep

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// Tune is a search for the parameters of a rule that reach an accuracy for the
// least, by successive halving (Jamieson & Talwalkar 2016): many candidates run
// to a low goal, the cheapest of them to the next one, and so on. The goals are
// the rungs: what is dear at 85 % is rarely cheap at 95 %, and costs little to try.
type Tune struct {
	Label      string    // of the rule
	Set        []Setting // what all candidates share, over the benchmark's own
	Search     []Dimension
	Price      Price
	Limit      Limit     // that a candidate keeps on every rung, or goes no further
	Candidates int       // drawn
	Keep       int       // one in how many goes on to the next rung
	Rungs      []float64 // goals, ascending; rung i is run with the first i+1 seeds
	Seeds      []uint64  // for the search
	Fresh      []uint64  // for the verdict: other seeds
}

// candidates draws the rules to be compared on the first rung.
func (t *Tune) candidates() (rules []Rule) {
	for i := range t.Candidates {
		r := Rule{Label: fmt.Sprintf("candidate %d", i+1), Set: slices.Clone(t.Set)}
		for _, d := range t.Search {
			r.Set = append(r.Set, Setting{d.Path, d.draw(i), d.File, d.Line})
		}
		rules = append(rules, r)
	}
	return rules
}

// Tuning is what a search came to: tune.json.
type Tuning struct {
	Label   string `json:"label"`
	Price   Price  `json:"price"`
	Limit   Limit  `json:"limit,omitempty"`
	Asked   *Asked `json:"benchmark"` // what was searched; null: not said
	GoalsOn string `json:"goals_on"`  // the set whose accuracy the rungs are: test, or validation
	Criterion
	Rungs []Rung            `json:"rungs"`
	Best  map[string]string `json:"best"` // the searched settings of the winner
	rule  Rule
}

// Rung is one round of a search, the cheapest candidate first.
type Rung struct {
	Goal    float64   `json:"goal"`
	Seeds   []uint64  `json:"seeds"`
	Entries []Contest `json:"entries"`
	on      string    // the set whose accuracy the goal is
	by      Criterion // when it is reached
	failure error     // of the first run that failed; nil: none did
}

// ErrInterrupted says that a search was stopped before its end. Called again,
// without force, it goes on where it was.
var ErrInterrupted = errors.New("interrupted")

// errNoneReached says that no candidate got to a rung's goal, and errNoneKept that those that did
// spent more than the limit.
var (
	errNoneReached = errors.New("no candidate reached the goal; widen the search, or give it a larger budget or lower rungs")
	errNoneKept    = errors.New("no candidate that reached the goal kept the limit; widen the search, let more go on (a smaller keep), or raise the limit")
)

// Watch is told that a rung begins, and returns what observes its runs and what
// to call when they are done.
type Watch func(goal float64, candidates int) (observe func(Progress), finish func())

// Search runs the rungs of a benchmark's tune section and returns the winner.
func (b *Bench) Search(ctx context.Context, overrides []Setting, options Options, watch Watch) (*Tuning, error) {
	t := b.Tune
	tuning := &Tuning{Label: t.Label, Price: t.Price, Limit: t.Limit, Asked: options.Asked}
	rules, err := b.differing(t.candidates(), overrides)
	if err != nil {
		return tuning, err
	}
	for i, goal := range t.Rungs {
		rung := Rung{Goal: goal, Seeds: t.Seeds[:min(i+1, len(t.Seeds))]}
		observe, finish := watch(goal, len(rules))
		options.Observe = observe
		err := b.climb(ctx, &rung, rules, overrides, options)
		finish()
		if err != nil {
			return tuning, err
		}
		tuning.GoalsOn, tuning.Criterion, tuning.Rungs = rung.on, rung.by, append(tuning.Rungs, rung)
		if !rung.Entries[0].fit() {
			return tuning, rung.defeat()
		}
		rules = rules[:0:0]
		for _, e := range rung.Entries[:(len(rung.Entries)+t.Keep-1)/t.Keep] {
			if e.fit() {
				rules = append(rules, e.rule)
			}
		}
	}
	best := tuning.Rungs[len(tuning.Rungs)-1].Entries[0]
	tuning.Best, tuning.rule = best.Settings, Rule{Label: t.Label, Set: best.rule.Set}
	return tuning, nil
}

// defeat is the error of a rung whose goal no candidate reached within the limit; a run that
// failed may be why.
func (r *Rung) defeat() error {
	why := errNoneReached
	if r.Entries[0].Price != nil {
		why = errNoneKept
	}
	if r.failure != nil {
		return fmt.Errorf("rung %g: %w; %w", r.Goal, why, r.failure)
	}
	return fmt.Errorf("rung %g: %w", r.Goal, why)
}

// climb runs the candidates of a rung and sorts them by price.
func (b *Bench) climb(ctx context.Context, rung *Rung, rules []Rule, overrides []Setting, options Options) error {
	round := b.round(rules)
	round.Goals, round.Seeds = []float64{rung.Goal}, rung.Seeds
	cells, err := round.Cells(overrides)
	if err != nil {
		return err
	}
	outcomes, err := Run(ctx, cells, options)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	rung.on, rung.by, rung.failure = goalsOn(outcomes), criterion(outcomes), firstFailure(outcomes)
	for i, row := range round.NewReport(outcomes).Rows {
		rung.Entries = append(rung.Entries, b.Tune.enter(rules[i], row))
	}
	slices.SortStableFunc(rung.Entries, byPrice)
	return nil
}

// Verdict is the benchmark that compares the winner with the baseline, on
// fresh seeds and at the benchmark's goals.
func (b *Bench) Verdict(t *Tuning) *Bench {
	verdict := *b
	verdict.Rules = nil
	for _, r := range b.Rules {
		if r.Label == b.baselineRule() {
			verdict.Rules = append(verdict.Rules, r)
		}
	}
	verdict.Rules = append(verdict.Rules, t.rule)
	verdict.Published, verdict.MaybeEqual = nil, true
	verdict.Seeds, verdict.Winner = b.Tune.Fresh, t
	return &verdict
}
