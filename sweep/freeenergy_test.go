package sweep

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/train/rundir"
)

// warm is a benchmark of two masks along five learning rates, without goals.
const warm = `# how warm learning is
base: mixture
set: {data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}, train.batch: 10, free_energy: {window: 20, neighbours: 5}}
rules:
  - {label: full, set: {rule.mask: full}}
  - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}
grid: {lr: [0.01, 0.02, 0.04, 0.08, 0.16]}
seeds: 3
budget: 400
free_energy: {smooth: 0, slack: 0}
`

// gases are the outcomes of a benchmark whose runs are ideal gases of ten dimensions at T = η/2·share of their
// rule, and cool to it as 1/t.
func gases(t *testing.T, b *Bench, share map[string]float64) (outcomes []Outcome) {
	t.Helper()
	for _, c := range planned(t, b) {
		rule := strings.Fields(c.Label)[0]
		lr := 0.0
		for _, a := range b.arms() {
			if a.label == c.Label {
				_, lr = b.curveOf(a)
			}
		}
		f := &rundir.FreeEnergy{Dimension: 10, Neighbours: 5}
		for _, step := range []int{100, 200, 400, 800, 1600} {
			hot := lr / 2 * share[rule] * (1 + 100/float64(step)) * (1 + 0.01*float64(c.Seed))
			entropy, threshold, signal, noise := 5*math.Log(2*math.Pi*math.E*hot), lr/4, 1.0, 4.0
			f.Windows = append(f.Windows, rundir.FreeEnergyWindow{
				Step: step, Steps: 50, Weights: 50, Rate: &lr, Energy: 5 * hot, Entropy: &entropy, Threshold: &threshold, Signal2: &signal, Noise2: &noise,
			})
		}
		outcomes = append(outcomes, Outcome{Cell: c, Summary: &rundir.Summary{Status: rundir.StatusBudgetSpent, FreeEnergy: f}})
	}
	return outcomes
}

// A benchmark without goals makes a curve of each rule, whose T/kT* show the share of each.
func TestFreeEnergyOfABenchmark(t *testing.T) {
	b := parse(t, warm)
	if b.Stop || len(b.Goals) != 0 {
		t.Errorf("stop %v, goals %v", b.Stop, b.Goals)
	}
	r := b.NewReport(gases(t, b, map[string]float64{"full": 1, "half": 0.5}))
	curves := r.FreeEnergy.Curves
	if len(curves) != 2 || curves[0].Label != "full" || curves[1].Label != "half" || curves[1].Known != 5 {
		t.Fatalf("curves %+v", curves)
	}
	full, half := curves[0].Ratio.Rates, curves[1].Ratio.Rates
	if full.N != 3 || math.Abs(full.Mean/half.Mean-2) > 1e-10 {
		t.Errorf("T/kT* of full %v, of half %v, want twice as much", full, half)
	}
	var text strings.Builder
	if err := r.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"## Free energy, F = U - T·S\n", "### half\n\n5 of 5 rates are there, of 3 of 3 seeds.\n", "| 0.04 | 0.10731 ± 0.00061 |", "b = 1 ", "neighbouring rates share states", "by leaving out each of 3 seeds",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	for _, no := range []string{"saving", "## To", "Front:", "Not used", "NaN"} {
		if strings.Contains(text.String(), no) {
			t.Errorf("%q in\n%s", no, &text)
		}
	}
}

// Files of a free energy: other programs read their keys; figures are pictures that name the curves.
func TestFreeEnergyFiles(t *testing.T) {
	b, out := parse(t, warm), t.TempDir()
	outcomes := gases(t, b, map[string]float64{"full": 1, "half": 0.5})
	for i := range outcomes {
		outcomes[i].Directory = rundir.Directory(t.TempDir())
		if err := os.WriteFile(outcomes[i].Directory.Path(rundir.MetricsFile), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.NewReport(outcomes).Write(out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Rows       []any
		Goals      []any
		FreeEnergy struct {
			Smooth *float64
			Curves []struct {
				Rows []map[string]any
				Law  map[string]map[string]any
			}
		} `json:"free_energy"`
	}
	text, err := os.ReadFile(filepath.Join(out, "bench.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Rows == nil || got.Goals == nil || got.FreeEnergy.Smooth == nil || len(got.FreeEnergy.Curves) != 2 {
		t.Fatalf("%s", text)
	}
	first := got.FreeEnergy.Curves[0].Rows[0]
	if value, there := first["t"]; !there || value != nil || first["lr"] != 0.01 || first["snr"] != 0.5 {
		t.Errorf("the lowest rate: %v", first)
	}
	if _, there := got.FreeEnergy.Curves[0].Law["exponent"]["hi"]; !there {
		t.Errorf("law %v", got.FreeEnergy.Curves[0].Law)
	}
	table, err := os.ReadFile(filepath.Join(out, "free-energy.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(table))).ReadAll()
	if err != nil || len(lines) != 1+2*5 || lines[1][slices.Index(lines[0], "t")] != "" || lines[7][slices.Index(lines[0], "valley")] != "true" {
		t.Errorf("%v, %v", lines, err)
	}
	for _, name := range []string{"states", "temperature", "valleys", "collapse", "bridge"} {
		path := filepath.Join(out, "figures", "free-energy-"+name)
		checkPNG(t, path+".png")
		if words := checkSVG(t, path+".svg"); !strings.Contains(words, "full") {
			t.Errorf("%s names no curve: %s", name, words)
		}
	}
	if found, err := readResults(out); err != nil || found == nil {
		t.Errorf("the folder is not known for a benchmark's: %v, %v", found, err)
	}
	if err := removeResults(out); err != nil {
		t.Fatal(err)
	}
	filepath.WalkDir(out, func(path string, d fs.DirEntry, _ error) error {
		if !d.IsDir() {
			t.Errorf("%s is left behind", path)
		}
		return nil
	})
}

// Half-way through, and of runs that measured nothing, a report says what is there and why the rest is not.
func TestFreeEnergyOfUnfinishedBenchmark(t *testing.T) {
	b := parse(t, warm)
	outcomes := gases(t, b, map[string]float64{"full": 1, "half": 1})
	for i := range outcomes {
		o := &outcomes[i]
		switch {
		case o.Seed == 2:
			o.Summary = nil
		case o.Label == "full lr=0.16":
			o.Summary = &rundir.Summary{Status: rundir.StatusDiverged}
		case o.Label == "full lr=0.01" && o.Seed == 1:
			o.Err = errors.New("disk full")
		case strings.HasPrefix(o.Label, "half"):
			o.Summary.Status, o.Summary.NoFreeEnergy = rundir.StatusReachedGoal, "the run ended before its last window" // it has others
		}
	}
	r := b.NewReport(outcomes)
	var text strings.Builder
	if err := r.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"### full\n\n4 of 5 rates are there, of 1 of 3 seeds.", "### half\n\n0 of 5 rates are there, of 0 of 3 seeds.", "- pending: lr 0.01 seed 2, lr 0.02 seed 2",
		"- diverged: lr 0.16 seed 0, lr 0.16 seed 1\n", "- failed: disk full: lr 0.01 seed 1\n", "- the run ended before its last window: lr 0.01 seed 0",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	for name, f := range map[string]*figure{"bridge": b.NewReport(nil).energyBridge(), "states": b.NewReport(nil).energyStates(), "collapse": b.NewReport(nil).energyCollapse()} {
		if !f.empty() {
			t.Errorf("there is a figure of nothing: %s", name)
		}
	}
}

// Of one rate there is a ratio and no interval.
func TestRatioOfOneRate(t *testing.T) {
	b := parse(t, strings.Replace(warm, "[0.01, 0.02, 0.04, 0.08, 0.16]", "[0.01, 0.02, 0.04]", 1))
	var text strings.Builder
	if err := b.NewReport(gases(t, b, map[string]float64{"full": 1, "half": 1})).WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text.String(), ", of one rate.\n") || strings.Contains(text.String(), "1 rates") {
		t.Errorf("%s", &text)
	}
}

// Each grid axis but the learning rate, wherever that stands, makes curves of its own.
func TestFreeEnergyOfOtherAxes(t *testing.T) {
	b := parse(t, strings.Replace(warm, "grid: {lr", "grid: {train.batch: [10, 20], lr", 1))
	r := b.NewReport(nil)
	var labels []string
	for _, c := range r.FreeEnergy.Curves {
		labels = append(labels, fmt.Sprint(c.Label, " ", c.Rates))
	}
	if got := strings.Join(labels, ", "); got != "full batch=10 5, full batch=20 5, half batch=10 5, half batch=20 5" {
		t.Errorf("curves %s", got)
	}
}

// Numbers of any size, exact ones among them, can be drawn.
func TestFreeEnergyFiguresOfOddNumbers(t *testing.T) {
	b := parse(t, warm)
	for _, size := range []float64{1e-300, 1e300} {
		outcomes := gases(t, b, map[string]float64{"full": size, "half": size * 0.999})
		r := b.NewReport(outcomes)
		for i, f := range []*figure{r.energyStates(), r.energyTemperature(), r.energyValleys(), r.energyCollapse(), r.energyBridge()} {
			if f.empty() {
				t.Errorf("figure %d of size %g is empty", i, size)
			} else if err := f.write(t.TempDir(), "x"); err != nil {
				t.Errorf("figure %d of size %g: %v", i, size, err)
			}
		}
	}
}

func TestPlusMinus(t *testing.T) {
	for want, c := range map[string][2]float64{
		"(1.12 ± 0.20)e-5": {1.12e-5, 1.96e-6}, "2446 ± 287": {2446.4, 287}, "11094 ± 59": {11094, 59}, "0.405 ± 0.018": {0.405, 0.018},
		"0.0 ± 3.0": {0, 3}, "(2.000 ± 0.010)e7": {2e7, 1e5}, "(-1.5 ± 2.0)e-300": {-1.5e-300, 2e-300}, "1": {1, 0}, "0 ± 12": {0.2, 12},
	} {
		if got := plusMinus(&c[0], &c[1]); got != want {
			t.Errorf("%v ± %v is written as %q, want %q", c[0], c[1], got, want)
		}
	}
	tiny, one := math.SmallestNonzeroFloat64, 1.0
	for _, c := range [][2]*float64{{&tiny, &tiny}, {&one, &tiny}} {
		if got := plusMinus(c[0], c[1]); strings.ContainsAny(got, "NI%") {
			t.Errorf("%v ± %v is written as %q", *c[0], *c[1], got)
		}
	}
}
