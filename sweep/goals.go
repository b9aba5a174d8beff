package sweep

import (
	"fmt"
	"slices"

	"ergon/configs"
	"ergon/internal/schema"
)

// A benchmark's goals are accuracies on the examples that its configs hold out for
// validation, or on the test set where they hold out none.

// goalsOn names the set that the goals of some runs are of.
func goalsOn(outcomes []Outcome) string {
	for i := range outcomes {
		if c := outcomes[i].Config; c != nil {
			return c.GoalsOn()
		}
	}
	return "test"
}

// checkGoals refuses rules of which some reach their goals on examples held out, and
// others on the test set, or some by one evaluation, and others by a mean: no table could
// say which accuracy was matched.
func (b *Bench) checkGoals(arms []arm, resolved []*configs.Config) error {
	if len(b.Goals) == 0 {
		return nil
	}
	for i, c := range resolved {
		if first, on := resolved[0].GoalsOn(), c.GoalsOn(); on != first {
			return b.unlike(arms[0], arms[i], "data.validation", []string{"data"},
				fmt.Sprintf("the goals of %q are on the %s set, and those of %q on the %s set", arms[0].label, first, arms[i].label, on))
		}
		if first, by := criterionOf(resolved[0]), criterionOf(c); by != first {
			return b.unlike(arms[0], arms[i], "train.crossing", []string{"train.crossing", "train.sustain"},
				fmt.Sprintf("%q reaches goals by the %s, and %q by the %s", arms[0].label, first.words(), arms[i].label, by.words()))
		}
	}
	return nil
}

// unlike is the error of two arms whose goals differ by a setting. It names the first place
// where either arm sets one of the paths that this may come from.
func (b *Bench) unlike(first, other arm, path string, from []string, problem string) error {
	p := &schema.Error{File: b.Base, Path: path, Problem: problem, Hint: "set it for all rules, under set or on the command line"}
	for _, s := range slices.Concat(other.set, first.set) {
		if slices.ContainsFunc(from, func(path string) bool { return related(s.Path, path) }) {
			p.File, p.Line = s.place()
			break
		}
	}
	return schema.Errors{p}
}
