package sweep

import (
	"fmt"
	"slices"
	"strings"

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
// others on the test set: no table could say which accuracy was matched.
func (b *Bench) checkGoals(arms []arm, resolved []*configs.Config) error {
	for i, a := range arms {
		if len(b.Goals) == 0 {
			break
		}
		first, on := resolved[0].GoalsOn(), resolved[i].GoalsOn()
		if on == first {
			continue
		}
		p := &schema.Error{
			File: b.Base, Path: "data.validation",
			Problem: fmt.Sprintf("the goals of %q are on the %s set, and those of %q on the %s set", arms[0].label, first, a.label, on),
			Hint:    "set it for all rules, under set or on the command line",
		}
		for _, s := range slices.Concat(a.set, arms[0].set) {
			if strings.HasPrefix(s.Path+".", "data.") {
				p.File, p.Line = s.place()
				break
			}
		}
		return schema.Errors{p}
	}
	return nil
}
