package sweep

import (
	"encoding/csv"
	"io"
	"strconv"

	"ergon/train/rundir"
)

// likelihoodColumns are the columns that are empty where a goal was missed, or the end not reached.
var likelihoodColumns = []struct {
	name string
	of   func(machinePoint) string
}{
	{"likelihood", func(p machinePoint) string { return full(&p.likelihood) }},
	{"ln_z", func(p machinePoint) string { return full(&p.lnZ) }},
	{"presentations", func(p machinePoint) string { return strconv.Itoa(p.samples) }},
	{"steps", func(p machinePoint) string { return strconv.Itoa(p.steps) }},
	{"updates", func(p machinePoint) string { return strconv.Itoa(p.updates) }},
	{"m0", func(p machinePoint) string { return strconv.FormatInt(p.M0Paid, 10) }},
	{"m1", func(p machinePoint) string { return full(p.M1Paid) }},
	{"m0_min", func(p machinePoint) string { return strconv.FormatInt(p.M0Min, 10) }},
	{"m1_min", func(p machinePoint) string { return full(p.M1Min) }},
	{"m0_inefficiency", func(p machinePoint) string { return full(p.m0Inefficiency()) }},
	{"m1_inefficiency", func(p machinePoint) string { return full(p.m1Inefficiency()) }},
	{"m0_consolidated", func(p machinePoint) string {
		return cachedText(p, func(c *rundir.CacheAccount) string { return strconv.FormatInt(c.M0Consolidated, 10) })
	}},
	{"m1_consolidated", func(p machinePoint) string {
		return cachedText(p, func(c *rundir.CacheAccount) string { return full(&c.M1Consolidated) })
	}},
	{"work", func(p machinePoint) string { return full(p.work) }},
	{"delta_f", func(p machinePoint) string { return full(p.deltaF) }},
	{"dissipated", func(p machinePoint) string { return full(p.dissipated()) }},
	{"work_on_witnesses", func(p machinePoint) string { return full(p.witnessWork) }},
	{"dissipated_on_witnesses", func(p machinePoint) string { return full(p.witnessDissipated()) }},
	{"sampled_active_units", func(p machinePoint) string { return strconv.FormatInt(p.sampled, 10) }},
	{"macs_effective", func(p machinePoint) string { return strconv.FormatInt(p.macs, 10) }},
}

func cachedText(p machinePoint, of func(*rundir.CacheAccount) string) string {
	if p.Cache == nil {
		return ""
	}
	return of(p.Cache)
}

// WriteLikelihoodCSV writes likelihood.csv: for each run a line for each goal, and one for its end, whose
// goal is empty. M0 and M1 are what was paid. What is not known is empty.
func (r *Report) WriteLikelihoodCSV(w io.Writer) error {
	head := []string{"label", "seed", "hash", "status", "goal", "reached"}
	for _, c := range likelihoodColumns {
		head = append(head, c.name)
	}
	lines := [][]string{head}
	for i := range r.outcomes {
		run := r.bench.machineRun(&r.outcomes[i])
		for _, goal := range r.Likelihood.Goals {
			p, reached := run.crossing(goal)
			lines = append(lines, likelihoodLine(run.Outcome, full(&goal), p, reached))
		}
		p, known := run.end()
		lines = append(lines, likelihoodLine(run.Outcome, "", p, known))
	}
	return csv.NewWriter(w).WriteAll(lines)
}

func likelihoodLine(o *Outcome, goal string, p machinePoint, reached bool) []string {
	line := []string{o.Label, strconv.FormatUint(o.Seed, 10), o.Hash, o.Status(), goal, strconv.FormatBool(reached)}
	for _, c := range likelihoodColumns {
		if reached {
			line = append(line, c.of(p))
		} else {
			line = append(line, "")
		}
	}
	return line
}
