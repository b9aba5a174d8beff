package pathintegral

import (
	"fmt"
	"strings"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/cumulants"
)

// outside is the error of a step that the run did not make.
func (p *PathIntegral) outside(at, steps int) error {
	return schema.Fieldf("at", "%d: the run in %s made %d steps; give at most that", at, p.Run, steps)
}

// result returns the table: a row for each step, window and layer.
func (p *PathIntegral) result(run *cumulants.Run, measurements []measurement) *theory.Result {
	var rows []layerRow
	for _, m := range measurements {
		rows = append(rows, m.rows()...)
	}
	table := make([][]theory.Quantity, len(rows))
	for i, row := range rows {
		table[i] = row.quantities()
	}
	result := theory.Table(table)
	for _, row := range rows {
		result.Labels = append(result.Labels, row.label)
	}
	if worst, n := theory.WorstZ(table); n > 0 {
		result.Scalars["p_value"] = theory.Known(theory.PValue(worst, n, p.Simulate))
		if p.Tangents > 0 {
			result.Scalars["p_value_next"] = theory.Known(nextPValue(rows))
		}
	}
	result.Notes = append(append(p.notes(run), untested(rows)...), beyond(rows)...)
	return result
}

// notes says what the columns mean, and what was replayed.
func (p *PathIntegral) notes(run *cumulants.Run) []string {
	notes := []string{
		"drift: the effective rate over the learning rate; noise: the variance of a layer's weights over Σ u² along the path, u = clip(lr·gradient)",
		"leading order: drift p, noise p(1-p); where p differs between synapses, their mean with the weights u²",
	}
	if p.Tangents > 0 {
		notes = append(notes, "next: with the response of gradients to the noise, of mean and error over the tangents")
	}
	return append(notes, run.Note())
}

// untested names the rows in which the masks are not random, or nothing moves.
func untested(rows []layerRow) []string {
	still := labels(rows, layerRow.still)
	same := labels(rows, func(r layerRow) bool { return r.noise.untested() && !r.still() })
	return append(noted("nothing moves, and there is no drift to measure", still), noted("the masks are not random, replicas are the same and have no z", same)...)
}

// beyond names the rows in which leading order is not accurate enough.
func beyond(rows []layerRow) []string {
	const off = "beyond leading order, whose %s is off by more than half a standard error of what was measured"
	drift := labels(rows, func(r layerRow) bool { return r.drift.beyond() })
	noise := labels(rows, func(r layerRow) bool { return r.noise.beyond() })
	return append(noted(fmt.Sprintf(off, "drift"), drift), noted(fmt.Sprintf(off, "noise"), noise)...)
}

// labels returns the labels of the rows for which is returns true.
func labels(rows []layerRow, is func(layerRow) bool) (list []string) {
	for _, row := range rows {
		if is(row) {
			list = append(list, row.label)
		}
	}
	return list
}

// noted is a note on some rows, if there are any.
func noted(what string, rows []string) []string {
	if len(rows) == 0 {
		return nil
	}
	return []string{what + ": " + strings.Join(rows, "; ")}
}
