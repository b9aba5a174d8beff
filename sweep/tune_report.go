package sweep

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ergon/internal/atomicfile"
	"ergon/train/rundir"
)

// WriteJSON writes tune.json.
func (t *Tuning) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(t)
}

// Write writes tune.json into a folder, whole or not at all.
func (t *Tuning) Write(folder string) error {
	return atomicfile.WriteIn(folder, tuneFile, t.WriteJSON)
}

// tabulated is how many candidates of a rung a table has.
const tabulated = 5

// WriteMarkdown writes a table of the cheapest candidates of each rung, and the
// settings of the winner.
func (t *Tuning) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# search: %s\n", t.Label)
	if t.Limit != nil {
		fmt.Fprintf(&b, "\nLimit: %s, on every rung; those over it go no further.\n", t.Limit)
	}
	for _, rung := range t.Rungs {
		fmt.Fprintf(&b, "\n## Rung: %s %s accuracy%s, %d candidates\n\n", rundir.Goal(rung.Goal), rung.on, rung.by.suffix(), len(rung.Entries))
		writeTable(&b, t.table(&rung))
	}
	if t.Best != nil {
		fmt.Fprintf(&b, "\nBest: %s\n", spell(t.Best))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// table has a line for each of the first candidates of a rung.
func (t *Tuning) table(rung *Rung) [][]string {
	validated, accumulates := rung.on == "validation", rung.accumulates()
	lines := [][]string{{"candidate", "settings", "reached", "price", "presentations", "M0", "M1"}}
	note := func(cells []string, there bool, cell string) []string {
		if there {
			return append(cells, cell)
		}
		return cells
	}
	lines[0] = note(lines[0], accumulates, "accumulator updates")
	lines[0] = note(lines[0], t.Limit != nil, "limit")
	lines[0] = note(lines[0], validated, "test, %")
	for _, c := range rung.Entries[:min(tabulated, len(rung.Entries))] {
		price := "-"
		if c.Price != nil {
			price = fmt.Sprintf("%.4g", *c.Price)
		}
		line := []string{c.Label, spell(c.Settings), c.Row.reached(), price, c.Row.Presentations.String(), c.Row.M0.String(), c.Row.M1.String()}
		line = note(line, accumulates, c.Row.AccumulatorUpdates.String())
		line = note(line, t.Limit != nil, c.kept())
		lines = append(lines, note(line, validated, c.Row.testPercent()))
	}
	return lines
}

// spell writes settings as overrides.
func spell(settings map[string]string) string {
	var words []string
	for _, path := range slices.Sorted(maps.Keys(settings)) {
		words = append(words, path+"="+settings[path])
	}
	return strings.Join(words, " ")
}
