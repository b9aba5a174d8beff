package sweep

import (
	"encoding/json"
	"strings"
	"testing"
)

// A number that was taken from elsewhere says so beside its source, in every table; others do not.
func TestQuotedNumbers(t *testing.T) {
	b := parse(t, `base: mixture
rules: [{label: plain}, {label: thrifty}]
seeds: 1
goals: [0.8]
published:
  - {label: plain, goal: 0.8, m0: 3, source: a paper, quoted: true}
  - {label: thrifty, goal: 0.8, m0: 2, source: a data file, quoted: false}
`)
	r := b.NewReport([]Outcome{told("plain", 0, map[float64]int64{0.8: 400}), told("thrifty", 0, map[float64]int64{0.8: 100})})
	var text strings.Builder
	if err := r.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| a paper (quoted, not verified) |", "| a data file "} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if got := strings.Count(text.String(), "quoted"); got != 1 {
		t.Errorf("%d numbers are quoted, want 1", got)
	}
	for i, want := range []bool{true, false} {
		written, err := json.Marshal(r.Rows[i].Published)
		if err != nil || strings.Contains(string(written), `"quoted":true`) != want {
			t.Errorf("%s, %v", written, err)
		}
	}

	machine := parse(t, machines+"published: [{label: full, likelihood: -3.5, source: a paper, quoted: true}]\n")
	if lines := machine.NewReport(nil).publishedTable(); len(lines) != 2 || lines[1][len(lines[1])-1] != "a paper (quoted, not verified)" {
		t.Errorf("of a Boltzmann machine: %v", lines)
	}
	_, err := Parse([]byte(small+"published: [{label: full, goal: 0.6, m0: 1, source: x, quoted: maybe}]\n"), "test.yaml", "test", false)
	if err == nil || !strings.Contains(err.Error(), "published[0].quoted: want true or false") {
		t.Error(err)
	}
}
