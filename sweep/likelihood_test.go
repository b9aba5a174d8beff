package sweep

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/energy"
	"ergon/train/rundir"
)

// machines is a benchmark of two masks of a Boltzmann machine, of a tenth of a second a run.
const machines = `# two rules on bars and stripes
base: bars_and_stripes
set: {data.side: 2, model.hidden: 4, model.init.std: 0.5, train.batch: 6, train.chains: 50, train.gibbs: 2, train.epochs: 200, train.eval_every: 10, engine.blas: gonum}
rules:
  - {label: full, set: {rule.mask: full}}
  - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}
seeds: 3
likelihood: {goals: [-2.2, -2.6]}
`

// learned are the outcomes of a benchmark in which full reaches -2.6 and -2.2 nats with 100·(1+seed) and
// 200·(1+seed) presentations, half with three times as many and half the changes.
func learned(t *testing.T, b *Bench) (outcomes []Outcome) {
	t.Helper()
	for _, c := range planned(t, b) {
		share, more := 1.0, 1
		if c.Label == "half" {
			share, more = 0.5, 3
		}
		work, witness, pseudo := 5+float64(c.Seed), 4.0, 2.5
		s := &rundir.Summary{
			Status: rundir.StatusBudgetSpent, Steps: 1000, Samples: 6000, Updates: 999, TestLoss: &pseudo,
			Likelihood: &rundir.Likelihood{Test: -2 - float64(c.Seed), Train: value(-1.5), LnZ: 12, Method: "exact", Lo: -2.3, Hi: -1.7, LnZReverse: value(12.25)},
			Work:       &rundir.ChainWork{Mean: work, DeltaF: value(3), By: "exact", Witnesses: &rundir.ChainWork{Mean: witness}},
		}
		s.Energy.M0, s.Energy.M0Paid, s.Energy.M1Paid, s.Energy.M0Min = 900, 900, value(90), 30
		s.Energy.M1Min = value(45)
		s.Energy.MACsEff, s.Energy.Sampling = 1000, &energy.Sampling{Sweeps: 10, MACsEffective: 500, ActiveHidden: 20, ActiveVisible: 30}
		metrics := []rundir.Metrics{{Step: 1}} // without a likelihood
		for i, likelihood := range []float64{-5, -2.55, -2.15, -1} {
			at := 100 * i * int(c.Seed+1)
			m := rundir.Metrics{
				Step: at, Samples: more * at, Updates: at, Minimum: rundir.Minimum{M0Min: 10, M1Min: value(50)},
				Paid:      rundir.Paid{M0Paid: int64(share * float64(at) * 10), M1Paid: value(share * float64(at))},
				Boltzmann: &rundir.Boltzmann{Likelihood: &rundir.Likelihood{Test: likelihood, LnZ: 12.5}, Work: &work, WitnessWork: &witness},
			}
			m.MACsEff, m.Sampling = 9, &energy.Sampling{ActiveHidden: 3, ActiveVisible: 4, MACsEffective: 1}
			metrics = append(metrics, m)
		}
		outcomes = append(outcomes, Outcome{Cell: c, Summary: s, Directory: measuredIn(t, metrics)})
	}
	return outcomes
}

// measuredIn returns the directory of a run that has these evaluations.
func measuredIn(t *testing.T, metrics []rundir.Metrics) rundir.Directory {
	t.Helper()
	d := rundir.Directory(t.TempDir())
	var lines []byte
	for _, m := range metrics {
		line, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, line...), '\n')
	}
	if err := os.WriteFile(d.Path(rundir.MetricsFile), lines, 0o600); err != nil {
		t.Fatal(err)
	}
	return d
}

// rowOf returns the row of a rule at a goal.
func rowOf(t *testing.T, l *Likelihood, label string, goal float64) *LikelihoodRow {
	t.Helper()
	at := slices.IndexFunc(l.Rows, func(r *LikelihoodRow) bool { return r.Label == label && r.Goal == goal })
	if at < 0 {
		t.Fatalf("no row of %s at %v", label, goal)
	}
	return l.Rows[at]
}

// Costs are means over seeds, savings geometric means of the seeds' own ratios, ΔF is told by ln Z at both
// ends.
func TestLikelihoodArithmetic(t *testing.T) {
	b := parse(t, machines)
	l := b.NewReport(learned(t, b)).Likelihood
	if !slices.Equal(l.Goals, []float64{-2.6, -2.2}) || len(l.Rows) != 4 || len(l.Ends) != 2 {
		t.Fatalf("goals %v, %d rows, %d ends", l.Goals, len(l.Rows), len(l.Ends))
	}
	full, half := rowOf(t, l, "full", -2.6), rowOf(t, l, "half", -2.6)
	for name, c := range map[string]struct{ got, want float64 }{
		"presentations of full": {full.Presentations.Mean, 200}, // of 100, 200, 300
		"presentations of half": {half.Presentations.Mean, 600},
		"M0 of half":            {half.M0.Mean, 1000},
		"M1 of half":            {half.M1.Mean, 100},
		"M0/M0min of full":      {full.M0Inefficiency.Mean, 200},
		"M1/M1min of full":      {full.M1Inefficiency.Mean, 4},
		"likelihood":            {full.Likelihood.Mean, -2.55},
		"active up to a goal":   {full.SampledUnits.Mean, 7},
		"MACs up to a goal":     {full.MACs.Mean, 10},
		"⟨w⟩":                   {full.Work.Mean, 6},
		"ΔF":                    {full.DeltaF.Mean, 3 + 12 - 12.5}, // ln Z_0 is 15
		"dissipated":            {full.Dissipated.Mean, 6 - 2.5},
		"on witnesses":          {full.WitnessDissipated.Mean, 4 - 2.5},
		"saved presentations":   {half.PresentationsSaving.Mean, 1.0 / 3},
		"saved M0":              {half.M0Saving.Mean, 2},
		"saved M1":              {half.M1Saving.Mean, 2},
		"saved work":            {half.WorkSaving.Mean, 1},
		"to itself":             {full.M0Saving.Mean, 1},
		"end":                   {l.Ends[0].Likelihood.Mean, -3}, // of -2, -3, -4
		"train":                 {l.Ends[0].Train.Mean, -1.5},
		"pseudo":                {l.Ends[0].PseudoLikelihood.Mean, -2.5},
		"standard error":        {*l.Ends[0].LnZError, 0.1}, // a sixth of Lo to Hi
		"gap":                   {l.Ends[0].LnZGap.Mean, 0.25},
		"end's dissipated":      {l.Ends[0].Dissipated.Mean, 6 - 3},
		"active":                {l.Ends[0].SampledUnits.Mean, 50},
		"MACs of all":           {l.Ends[0].MACs.Mean, 1500},
		"MACs of sampling":      {l.Ends[0].Sampling.MACsEffective.Mean, 500},
	} {
		if math.Abs(c.got-c.want) > 1e-12*math.Abs(c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	if s := half.M0Saving; s.N != 3 || math.Abs(*s.Lo-2) > 1e-12 {
		t.Errorf("a ratio that all seeds share: %v", s)
	}
	if l.Ends[0].Method != "exact" || l.Ends[0].Cache != nil || full.Reached != 3 {
		t.Errorf("%+v", l.Ends[0])
	}
}

// M0 and M1 of a cache are what was paid; its consolidations stand beside.
func TestLikelihoodOfACache(t *testing.T) {
	b := parse(t, machines)
	outcomes := learned(t, b)
	for i := range outcomes {
		if s := outcomes[i].Summary; outcomes[i].Label == "half" {
			s.Energy.Paid = rundir.Paid{M0Paid: 70, M1Paid: value(7), Cache: &rundir.CacheAccount{M0Consolidated: 60, M1Consolidated: 6, ResidualM0: 10, ResidualM1: value(1)}}
		}
	}
	r := b.NewReport(outcomes)
	half := r.Likelihood.Ends[1]
	if half.M0.Mean != 70 || half.M1.Mean != 7 || half.Cache.M0Consolidated.Mean != 60 || half.Cache.ResidualM1.Mean != 1 || r.Likelihood.Ends[0].Cache != nil {
		t.Errorf("%+v, %+v", half.LikelihoodCosts, half.Cache)
	}
	if text := markdownOf(t, r); !strings.Contains(text, "| half | 60              | 6 ") {
		t.Errorf("no line of the cache in\n%s", text)
	}
}

func markdownOf(t *testing.T, r *Report) string {
	t.Helper()
	var text strings.Builder
	if err := r.WriteMarkdown(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// Tables say what was reached and by how many, and nothing of accuracies.
func TestLikelihoodMarkdown(t *testing.T) {
	b := parse(t, machines)
	text := markdownOf(t, b.NewReport(learned(t, b)))
	for _, want := range []string{
		"## Log-likelihood at the end of the runs\n", "| full | 3/3  | -3.00 (-5.48 to -0.52) | 0.1    | exact | -1.50 | -2.50  | 6000 ",
		"## To a log-likelihood of -2.6 nats\n", "## To a log-likelihood of -2.2 nats\n", "| half | 3/3     | 600 ", "times less than full on the same seed", "⟨w⟩ on witnesses",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, no := range []string{"accuracy", "Front", "NaN", "not known", "transient", "Published"} {
		if strings.Contains(text, no) {
			t.Errorf("%q in\n%s", no, text)
		}
	}
}

// Half-way through, a report says what is there and why the rest is not.
func TestLikelihoodOfUnfinishedBenchmark(t *testing.T) {
	b := parse(t, machines)
	outcomes := learned(t, b)
	for i := range outcomes {
		switch o := &outcomes[i]; {
		case o.Label == "full" && o.Seed == 0:
			o.Summary = nil
		case o.Label == "full" && o.Seed == 1:
			o.Err = errors.New("disk full")
		case o.Label == "half" && o.Seed == 0:
			o.Summary.Status, o.Summary.Likelihood, o.Summary.NoLikelihood = rundir.StatusDiverged, nil, "the run did not come to its end"
			o.Directory = measuredIn(t, nil)
		case o.Label == "half" && o.Seed == 1:
			o.Directory = measuredIn(t, []rundir.Metrics{{Boltzmann: &rundir.Boltzmann{Likelihood: &rundir.Likelihood{Test: -2.59}}}})
		case o.Label == "half":
			if err := os.WriteFile(o.Directory.Path(rundir.MetricsFile), []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	r := b.NewReport(outcomes)
	text := markdownOf(t, r)
	for _, want := range []string{
		"| full | 1/3, 1 failed, 1 pending, ended at -4.00", "| half | 1/3, 1 diverged, ended at -3.50", "- full, seed 0: pending\n",
		"- full, seed 1: failed: disk full\n", "- half, seed 0: the run did not come to its end\n",
		"/metrics.jsonl: line 1: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	half := rowOf(t, r.Likelihood, "half", -2.6)
	if half.Reached != 1 || half.M0Saving != nil { // seed 1, and of full seed 2
		t.Errorf("%d reached it, saving %v of no seed that both reached", half.Reached, half.M0Saving)
	}
	none := b.NewReport(nil)
	if text := markdownOf(t, none); strings.Contains(text, "NaN") || none.Likelihood.Rows[0].M0 != nil {
		t.Errorf("of no runs:\n%s", text)
	}
}

// Published likelihoods are of the end of runs.
func TestPublishedLikelihoods(t *testing.T) {
	b := parse(t, machines+"published: [{label: full, pseudo_likelihood: -2.4, likelihood: -3.5, source: a paper}]\n")
	text := markdownOf(t, b.NewReport(learned(t, b)))
	for _, want := range []string{"## Published\n", "| full | the end | log-likelihood    | -3.00 (-5.48 to -0.52) | -3.5 ", "| full | the end | pseudo-likelihood | -2.50 "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Files of a benchmark that ran: other programs read their keys; figures are pictures that name the rules.
func TestLikelihoodFiles(t *testing.T) {
	b, out := parse(t, machines), t.TempDir()
	outcomes := ran(t, planned(t, b), out)
	r := b.NewReport(outcomes)
	if err := r.Write(out); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Rows, Goals []any
		Likelihood  struct {
			Goals []float64
			Ends  []map[string]any
			Rows  []map[string]any
		}
	}
	text, err := os.ReadFile(filepath.Join(out, "bench.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if l := got.Likelihood; got.Rows == nil || len(got.Goals) != 0 || len(l.Ends) != 2 || len(l.Rows) != 4 || l.Ends[0]["method"] != "exact" || l.Rows[0]["goal"] != -2.6 {
		t.Fatalf("%s", text)
	}
	for _, key := range []string{"presentations", "m0", "m1", "m0_inefficiency", "work", "delta_f", "dissipated", "sampled_active_units", "macs_effective", "reached", "n"} {
		for _, of := range []map[string]any{got.Likelihood.Ends[0], got.Likelihood.Rows[0]} {
			if of[key] == nil {
				t.Errorf("no %s in %v", key, of)
			}
		}
	}
	table, err := os.ReadFile(filepath.Join(out, "likelihood.csv"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(table))).ReadAll()
	if err != nil || len(lines) != 1+6*3 || lines[3][slices.Index(lines[0], "goal")] != "" || lines[3][slices.Index(lines[0], "presentations")] != "1200" {
		t.Errorf("%v, %v", lines, err)
	}
	for _, name := range []string{"presentations", "m0", "m1", "work"} {
		path := filepath.Join(out, "figures", "likelihood-"+name)
		checkPNG(t, path+".png")
		if words := checkSVG(t, path+".svg"); !strings.Contains(words, "half") || !strings.Contains(words, "log-likelihood") {
			t.Errorf("%s does not name the rules: %s", name, words)
		}
	}
	if _, err := os.Stat(filepath.Join(out, "figures", "accuracy-m0.png")); err == nil {
		t.Error("there is a figure of accuracies")
	}
	if err := removeResults(out); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(out, "likelihood.csv")); err == nil {
		t.Error("likelihood.csv is left behind")
	}
}
