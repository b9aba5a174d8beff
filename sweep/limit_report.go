package sweep

import (
	"fmt"
	"strings"

	"ergon/train/rundir"
)

// accumulates says whether any candidate is known to have changed numbers beside the weights.
func (r *Rung) accumulates() bool {
	for _, c := range r.Entries {
		if e := c.Row.AccumulatorUpdates; e != nil && e.Mean > 0 {
			return true
		}
	}
	return false
}

// keptOr says of what there was more than a limit allows.
func keptOr(over []string) string {
	if len(over) == 0 {
		return "kept"
	}
	return "over: " + strings.Join(over, ", ")
}

// limitKept says at which goals the winner of a search keeps its limit on fresh seeds too; nothing
// without a limit.
func (r *Report) limitKept() string {
	won := r.bench.Winner
	if won == nil || won.Limit == nil {
		return ""
	}
	labels := map[string]bool{}
	for _, a := range r.bench.arms() {
		labels[a.label] = a.rule == won.Label
	}
	var at []string
	for _, row := range r.Rows {
		if !labels[row.Label] {
			continue
		}
		said := "not reached by all seeds"
		if row.complete() {
			said = keptOr(won.Limit.exceeded(row))
		}
		at = append(at, row.Label+" to "+rundir.Goal(row.Goal)+" "+said)
	}
	return fmt.Sprintf("Limit of the search: %s. On these seeds: %s.\n", won.Limit, strings.Join(at, "; "))
}
