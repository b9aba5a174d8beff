package sweep

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// WriteMarkdown writes bench.md: a table for each goal, readable as it is, and
// what papers report beside it.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", r.Name)
	if r.Summary != "" {
		fmt.Fprintf(&b, "\n%s\n", r.Summary)
	}
	for _, goal := range r.Goals {
		fmt.Fprintf(&b, "\n## To %s %s accuracy%s\n\n", rundir.Goal(goal), r.GoalsOn, r.suffix())
		writeTable(&b, r.table(goal))
	}
	if len(r.Goals) > 0 {
		b.WriteString("\n" + r.legend())
	}
	if r.FreeEnergy != nil {
		r.FreeEnergy.markdown(&b)
	}
	if r.Likelihood != nil {
		r.Likelihood.markdown(&b, r.Baseline)
	}
	if published := r.publishedTable(); len(published) > 1 {
		b.WriteString("\n## Published\n\n")
		writeTable(&b, published)
	}
	if failures := r.failures(); failures != "" {
		b.WriteString("\n## Failed\n\n" + failures)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// table has a line for each rule.
func (r *Report) table(goal float64) [][]string {
	lines := [][]string{{"rule", "reached", "presentations", "M0", "saving", "M1", "saving", "M1/M1min", "front"}}
	for _, row := range r.Rows {
		if row.Goal != goal {
			continue
		}
		lines = append(lines, r.line(row, row.Label))
		if row.firstDiffers() {
			lines = append(lines, r.line(row.First, row.Label+", "+firstLabel))
		}
	}
	if r.GoalsOn == "validation" {
		lines[0] = slices.Insert(lines[0], 2, "test, %")
	}
	if r.accumulates() {
		lines[0] = slices.Insert(lines[0], len(lines[0])-1, "accumulator updates")
	}
	return lines
}

// firstLabel stands behind the label of a rule where a line is of first crossings.
const firstLabel = "first"

// line is what a table has of a row.
func (r *Report) line(row *Row, label string) []string {
	line := []string{
		label, row.reached(), row.Presentations.String(), row.M0.String(), row.saved(row.M0Saving),
		row.M1.String(), row.saved(row.M1Saving), row.M1Inefficiency.String(), strings.ToUpper(strings.Join(row.Pareto, " ")),
	}
	if r.GoalsOn == "validation" {
		line = slices.Insert(line, 2, row.testPercent())
	}
	if r.accumulates() {
		line = slices.Insert(line, len(line)-1, row.AccumulatorUpdates.String())
	}
	return line
}

// testPercent is the test accuracy where the goal was crossed, in percent.
func (r *Row) testPercent() string {
	return r.TestAccuracy.Times(100).String()
}

// reached says how many of the seeds reached the goal, and what became of others.
func (r *Runs) reached() string {
	text := fmt.Sprintf("%d/%d", r.Reached, r.N)
	for _, missed := range []struct {
		count int
		what  string
	}{{r.Diverged, "diverged"}, {r.Failed, "failed"}, {r.N - r.Finished - r.Failed, "pending"}} {
		if missed.count > 0 {
			text += fmt.Sprintf(", %d %s", missed.count, missed.what)
		}
	}
	return text
}

// reached says besides how far runs came that missed the goal.
func (r *Row) reached() string {
	text := r.Runs.reached()
	if best := r.bestGoalAccuracy(); r.Reached < r.N && best != nil {
		text += fmt.Sprintf(", best %.4g %%", 100*best.Mean)
	}
	return text
}

// saved writes a saving, with the number of seeds that it is of where those are not all.
func (r *Runs) saved(saving *estimate.Estimate) string {
	if saving == nil || saving.N == r.N {
		return saving.String()
	}
	return fmt.Sprintf("%s, n=%d", saving, saving.N)
}

// publishedTable sets what papers report beside ours.
func (r *Report) publishedTable() [][]string {
	lines := [][]string{{"rule", "goal", "quantity", "ours", "published", "source"}}
	for _, row := range r.Rows {
		p := row.Published
		if p == nil {
			continue
		}
		for _, q := range []struct {
			name   string
			ours   *estimate.Estimate
			theirs *float64
		}{
			{"presentations", row.Presentations, p.Presentations},
			{"M0", row.M0, p.M0}, {"M0 saving", row.M0Saving, p.M0Saving},
			{"M1", row.M1, p.M1}, {"M1 saving", row.M1Saving, p.M1Saving},
			{"M1/M1min", row.M1Inefficiency, p.Inefficiency},
		} {
			if q.theirs != nil {
				lines = append(lines, []string{row.Label, rundir.Goal(row.Goal), q.name, q.ours.String(), fmt.Sprintf("%.3g", *q.theirs), p.origin()})
			}
		}
	}
	if r.Likelihood != nil {
		lines = append(lines, r.Likelihood.published()...)
	}
	return lines
}

// failures lists the runs that failed, and why.
func (r *Report) failures() string {
	var b strings.Builder
	for _, c := range r.Cells {
		if c.Error != "" {
			fmt.Fprintf(&b, "- %s, seed %d: %s\n", c.Label, c.Seed, c.Error)
		}
	}
	return b.String()
}

// writeTable writes an aligned Markdown table; the first line is the head.
func writeTable(b *strings.Builder, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for i, line := range lines {
		for j, cell := range line {
			cell = strings.ReplaceAll(cell, "|", "¦") // a bar would end the cell
			fmt.Fprintf(b, "| %s%s ", cell, strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell)))
		}
		b.WriteString("|\n")
		if i == 0 {
			for _, width := range widths {
				b.WriteString("|" + strings.Repeat("-", width+2))
			}
			b.WriteString("|\n")
		}
	}
}

// unfit says whether a character breaks a line of Markdown or may not stand in
// XML, and so in SVG.
func unfit(c rune) bool {
	return unicode.IsControl(c) || unicode.In(c, unicode.Zl, unicode.Zp) || c == 0xfffe || c == 0xffff
}
