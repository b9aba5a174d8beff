package sweep

import (
	"cmp"
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"ergon/sweep/estimate"
)

// A rule can save writes of synapses by changing numbers beside them more often. The frontier of a
// goal has the rules that no other beats on both: permanent writes, which are M0, and updates
// of accumulators.

// onFrontier is how Row.Pareto names the frontier.
const onFrontier = "w"

// placed returns the rows of a goal that have a place between the two axes: those whose runs all
// reached it, and whose writes and accumulator updates are known.
func (r *Report) placed(goal float64) (rows []*Row) {
	for _, row := range r.Rows {
		if row.Goal == goal && row.complete() && row.M0 != nil && row.AccumulatorUpdates != nil {
			rows = append(rows, row)
		}
	}
	return rows
}

// markFrontiers notes which rows are on the frontier of their goal, where any rule has accumulators.
func (r *Report) markFrontiers() {
	if !r.accumulates() {
		return
	}
	for _, goal := range r.Goals {
		rows := r.placed(goal)
		fewer, writes := make([]float64, len(rows)), make([]float64, len(rows))
		for i, row := range rows {
			fewer[i], writes[i] = -row.AccumulatorUpdates.Mean, row.M0.Mean
		}
		for i, on := range front(fewer, writes) {
			if on {
				rows[i].Pareto = append(rows[i].Pareto, onFrontier)
			}
		}
	}
}

// WriteFrontierCSV writes frontier.csv: a line for each goal and each rule that all its seeds carried
// there, those of the fewest accumulator updates first.
func (r *Report) WriteFrontierCSV(w io.Writer) error {
	lines := [][]string{{
		"goal", "label", "n", "m0", "m0_lo", "m0_hi",
		"accumulator_updates", "accumulator_updates_lo", "accumulator_updates_hi", "accumulator_bits", "front",
	}}
	for _, goal := range r.Goals {
		rows := r.placed(goal)
		slices.SortStableFunc(rows, func(a, b *Row) int { return cmp.Compare(a.AccumulatorUpdates.Mean, b.AccumulatorUpdates.Mean) })
		for _, row := range rows {
			line := []string{full(&goal), row.Label, strconv.Itoa(row.N)}
			line = append(line, withEnds(row.M0)...)
			line = append(line, withEnds(row.AccumulatorUpdates)...)
			line = append(line, full(&row.AccumulatorBits.Mean), strconv.FormatBool(slices.Contains(row.Pareto, onFrontier)))
			lines = append(lines, line)
		}
	}
	return csv.NewWriter(w).WriteAll(lines)
}

// withEnds writes a mean and the ends of its interval, empty where there is none.
func withEnds(e *estimate.Estimate) []string {
	return []string{full(&e.Mean), full(e.Lo), full(e.Hi)}
}
