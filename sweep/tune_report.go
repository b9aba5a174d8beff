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
	for _, rung := range t.Rungs {
		fmt.Fprintf(&b, "\n## Rung: %s %s accuracy%s, %d candidates\n\n", rundir.Goal(rung.Goal), rung.on, rung.by.suffix(), len(rung.Entries))
		validated := rung.on == "validation"
		lines := [][]string{{"candidate", "settings", "reached", "price", "presentations", "M0", "M1"}}
		if validated {
			lines[0] = append(lines[0], "test, %")
		}
		for _, c := range rung.Entries[:min(tabulated, len(rung.Entries))] {
			price := "-"
			if c.Price != nil {
				price = fmt.Sprintf("%.4g", *c.Price)
			}
			lines = append(lines, []string{c.Label, spell(c.Settings), c.Row.reached(), price, c.Row.Presentations.String(), c.Row.M0.String(), c.Row.M1.String()})
			if validated {
				lines[len(lines)-1] = append(lines[len(lines)-1], c.Row.testPercent())
			}
		}
		writeTable(&b, lines)
	}
	if t.Best != nil {
		fmt.Fprintf(&b, "\nBest: %s\n", spell(t.Best))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// spell writes settings as overrides.
func spell(settings map[string]string) string {
	var words []string
	for _, path := range slices.Sorted(maps.Keys(settings)) {
		words = append(words, path+"="+settings[path])
	}
	return strings.Join(words, " ")
}
