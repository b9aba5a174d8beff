package sweep

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/sweep/estimate"
	"ergon/train/rundir"
)

// told is a run that reached goals at the given M0; presentations are a tenth,
// M1 a hundredth of it.
func told(label string, seed uint64, m0 map[float64]int64) Outcome {
	s := &rundir.Summary{Status: rundir.StatusBudgetSpent}
	for _, goal := range []float64{0.8, 0.9} {
		if cost, ok := m0[goal]; ok {
			m1 := float64(cost) / 100
			s.Crossings = append(s.Crossings, rundir.Crossing{
				Accuracy: goal, Samples: int(cost / 10), M0: cost, M1: m1, Paid: rundir.Paid{M0Paid: cost, M1Paid: &m1},
			})
		}
	}
	return Outcome{Cell: Cell{Label: label, Seed: seed, Hash: label}, Summary: s}
}

// twoRules is a benchmark of two seeds whose savings can be told by hand.
func twoRules(t *testing.T) *Report {
	b := parse(t, `base: mixture
rules: [{label: plain}, {label: thrifty}]
seeds: 2
goals: [0.8, 0.9]
published: [{label: thrifty, goal: 0.8, m0_saving: 3, inefficiency: 61, source: a paper}]
`)
	return b.NewReport([]Outcome{
		told("plain", 0, map[float64]int64{0.8: 400, 0.9: 1000}), told("thrifty", 0, map[float64]int64{0.8: 100, 0.9: 600}),
		told("plain", 1, map[float64]int64{0.8: 800, 0.9: 1000}), told("thrifty", 1, map[float64]int64{0.8: 300}),
	})
}

// At 0.8 the savings of the seeds are 400/100 = 4 and 800/300, at 0.9 that of the
// only seed on which both got there is 1000/600.
func TestSavingsByHand(t *testing.T) {
	only := func(mean float64) *estimate.Estimate { return &estimate.Estimate{Mean: mean, N: 1} }
	same := func(a, b *estimate.Estimate) bool { return cmp.Diff(a, b) == "" }
	rows := twoRules(t).Rows
	if len(rows) != 4 || rows[1].Label != "thrifty" || rows[1].Goal != 0.8 || rows[3].Goal != 0.9 {
		t.Fatalf("rows %+v", rows)
	}
	if got, want := rows[1].M0Saving, estimate.Ratio([]float64{400, 800}, []float64{100, 300}); !same(got, want) {
		t.Errorf("saving of M0 %v, want %v", got, want)
	}
	if got, want := rows[1].M0, estimate.Mean([]float64{100, 300}); !same(got, want) || got.Mean != 200 {
		t.Errorf("M0 %v, want %v", got, want)
	}
	if math.Abs(rows[1].M1Saving.Mean-math.Sqrt(4*8/3.)) > 1e-14 || rows[1].M1.Mean != 2 || rows[1].Presentations.Mean != 20 {
		t.Errorf("row %+v", rows[1])
	}
	if got := rows[0].M0Saving; !same(got, estimate.Mean([]float64{1, 1})) {
		t.Errorf("the baseline saves %v", got)
	}
	if r := rows[3]; r.Reached != 1 || r.N != 2 || !same(r.M0, only(600)) || !same(r.M0Saving, only(1000./600)) || r.M1Saving.N != 1 {
		t.Errorf("with one run missing: %+v", r)
	}
	if rows[1].M1Inefficiency != nil {
		t.Errorf("inefficiency %v, and none was known", rows[1].M1Inefficiency)
	}
	for i, want := range [][]string{{}, {"m0", "m1"}, {"m0", "m1"}, {}} {
		if diff := cmp.Diff(want, rows[i].Pareto); diff != "" {
			t.Errorf("front of %s at %g: %s", rows[i].Label, rows[i].Goal, diff)
		}
	}
}

// Savings compare runs of the same seed, whichever seeds reached the goal and in
// whatever order they are told.
func TestSavingsPairSeeds(t *testing.T) {
	b := parse(t, "base: mixture\nrules: [{label: plain}, {label: thrifty}]\nseeds: 4\ngoals: 0.8\n")
	at := func(m0 int64) map[float64]int64 { return map[float64]int64{0.8: m0} }
	rows := b.NewReport([]Outcome{
		told("plain", 0, nil), told("plain", 1, at(1000)), told("plain", 2, at(300)), told("plain", 3, at(80)),
		told("thrifty", 3, at(10)), told("thrifty", 2, at(30)), told("thrifty", 1, nil), told("thrifty", 0, at(7)),
	}).Rows
	if diff := cmp.Diff(estimate.Ratio([]float64{300, 80}, []float64{30, 10}), rows[1].M0Saving); diff != "" {
		t.Error("of seeds 2 and 3:", diff)
	}
	if got := rows[1].saved(rows[1].M0Saving); !strings.HasSuffix(got, "), n=2") {
		t.Errorf("told as %q, want n=2 behind it", got)
	}
	if got := rows[0].M0Saving; got.N != 3 || got.Mean != 1 || *got.Lo != 1 || *got.Hi != 1 {
		t.Errorf("the baseline saves %+v", got)
	}
	none := b.NewReport([]Outcome{told("plain", 0, at(10)), told("plain", 1, nil), told("thrifty", 0, nil), told("thrifty", 1, at(10))}).Rows
	if none[1].M0Saving != nil {
		t.Errorf("without a common seed: %v", none[1].M0Saving)
	}
}

func TestMarkdown(t *testing.T) {
	var b strings.Builder
	if err := twoRules(t).WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## To 80 % test accuracy\n",
		"| thrifty | 2/2     | 20 (0.0348–11485) | 200 (0.348–114854) | 3.27 (0.248–42.9) |",
		"| thrifty | 1/2     | 60            | 600  | 1.67, n=1 |",
		"| thrifty | 80 % | M0 saving | 3.27 (0.248–42.9) | 3         | a paper |\n",
		"| thrifty | 80 % | M1/M1min  | –                 | 61        | a paper |\n",
		"Saving: times less than plain on the same seed",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// The table of one seed says that it proves nothing.
func TestSingleSeed(t *testing.T) {
	b := parse(t, "base: mixture\nrules: [{label: plain}]\nseeds: [4]\ngoals: 0.8\n")
	var text strings.Builder
	if err := b.NewReport([]Outcome{told("plain", 4, map[float64]int64{0.8: 10})}).WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), "n=1") {
		t.Errorf("no word of n=1 in\n%s", &text)
	}
}

// Other programs read these keys; unknown is null, never 0.
func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := twoRules(t).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name     string
		Baseline string
		Rows     []map[string]any
		Cells    []map[string]any
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "test" || got.Baseline != "plain" || len(got.Rows) != 4 || len(got.Cells) != 4 {
		t.Errorf("%+v", got)
	}
	saving := estimate.Ratio([]float64{400, 800}, []float64{100, 300})
	want := map[string]any{"mean": saving.Mean, "lo": *saving.Lo, "hi": *saving.Hi, "n": 2.0}
	if diff := cmp.Diff(want, got.Rows[1]["m0_saving"]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]any{"mean": 600.0, "lo": nil, "hi": nil, "n": 1.0}, got.Rows[3]["m0"]); diff != "" {
		t.Error("of one run:", diff)
	}
	for _, key := range []string{"published", "m1_inefficiency"} {
		if value, there := got.Rows[3][key]; !there || value != nil {
			t.Errorf("%s is %v, %v; want null", key, value, there)
		}
	}
}

func TestCSV(t *testing.T) {
	var b strings.Builder
	if err := twoRules(t).WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(lines) != 1+4*2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	last := lines[8] // thrifty, seed 1, 0.9
	if last[column["reached"]] != "false" || last[column["m0"]] != "" || lines[7][column["m0"]] != "300" || lines[7][column["m1"]] != "3" {
		t.Errorf("lines %v, %v", lines[7], last)
	}
}

// What is written twice is the same to the byte.
func TestWriteRepeats(t *testing.T) {
	b := parse(t, small)
	cells, out := planned(t, b), t.TempDir()
	var texts [2]map[string]string
	for i := range texts {
		texts[i] = map[string]string{}
		if err := b.NewReport(ran(t, cells, out)).Write(out); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"bench.json", "bench.csv", "bench.md", "figures/accuracy-m0.svg"} {
			text, err := os.ReadFile(filepath.Join(out, name))
			if err != nil {
				t.Fatal(err)
			}
			texts[i][name] = string(text)
		}
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Error(diff)
	}
}

// A benchmark that was never run writes all it knows: nothing reached.
func TestPending(t *testing.T) {
	b := parse(t, small)
	var outcomes []Outcome
	for _, c := range planned(t, b) {
		outcomes = append(outcomes, look(c, t.TempDir()))
	}
	report, out := b.NewReport(outcomes), t.TempDir()
	if err := report.Write(out); err != nil {
		t.Fatal(err)
	}
	if got := report.Rows[0].reached(); got != "0/3, 3 pending" {
		t.Errorf("got %s", got)
	}
	if _, err := os.Stat(filepath.Join(out, "figures", "front-m0.png")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a figure of nothing: %v", err)
	}
}
