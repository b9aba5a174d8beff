package sweep

import (
	"fmt"
	"strconv"
	"strings"

	"ergon/sweep/estimate"
)

// markdown writes the sections of bench.md: what runs have become at their end, what that took, and
// a table for each goal.
func (l *Likelihood) markdown(b *strings.Builder, baseline string) {
	b.WriteString("\n## Log-likelihood at the end of the runs\n\n")
	writeTable(b, l.endTable())
	b.WriteString("\nNats per example, means over seeds with 95 % intervals (Student's t). ln Z ±: the largest standard error of a run. M0: synapses changed. M1: amount of change.\n")
	l.worked(b)
	l.cached(b)
	for _, goal := range l.Goals {
		fmt.Fprintf(b, "\n## To a log-likelihood of %v nats\n\n", goal)
		writeTable(b, l.goalTable(goal))
	}
	if len(l.Goals) > 0 {
		fmt.Fprintf(b, `
Means at the first evaluation at or above the goal, of runs that reached it. Saving: times less than %s on the same seed, the geometric mean over the seeds on which both reached the goal.
⟨w⟩ has no saving, since it can be of either sign. On witnesses: what was dissipated on chains that learning does not see.
`, baseline)
	}
	b.WriteString(l.missing())
}

// endTable has a line for each rule.
func (l *Likelihood) endTable() [][]string {
	lines := [][]string{{"rule", "runs", "test", "ln Z ±", "by", "train", "pseudo", "presentations", "M0", "M0/M0min", "M1", "M1/M1min"}}
	for _, e := range l.Ends {
		lines = append(lines, []string{
			e.Label, fmt.Sprintf("%d/%d", e.Reached, e.N), nats(e.Likelihood), short(e.LnZError), orDash(e.Method), nats(e.Train), nats(e.PseudoLikelihood),
			e.Presentations.String(), e.M0.String(), e.M0Inefficiency.String(), e.M1.String(), e.M1Inefficiency.String(),
		})
	}
	return lines
}

// worked writes what sampling took, and the work on chains; nothing if no rule samples.
func (l *Likelihood) worked(b *strings.Builder) {
	lines := [][]string{{"rule", "⟨w⟩", "ΔF", "dissipated", "⟨w⟩ on witnesses", "dissipated on them", "hidden active", "visible active", "MACs of sampling"}}
	for _, e := range l.Ends {
		if e.Sampling == nil {
			continue
		}
		lines = append(lines, []string{
			e.Label, nats(e.Work), nats(e.DeltaF), nats(e.Dissipated), nats(e.WitnessWork), nats(e.WitnessDissipated),
			e.Sampling.ActiveHidden.String(), e.Sampling.ActiveVisible.String(), e.Sampling.MACsEffective.String(),
		})
	}
	if len(lines) == 1 {
		return
	}
	b.WriteString("\n")
	writeTable(b, lines)
	b.WriteString(`
⟨w⟩: work of all updates on a chain, in kT. ΔF = -ln Z/Z_0 by the method of the likelihood. Chains that drive learning are worked on more than witnesses, which it does not see:
each update raises the free energies of the very states that it learned from. Active: samples that are not 0, all sweeps of all chains. MACs: effective ones.
`)
}

// cached writes what caches paid; nothing if no rule has one.
func (l *Likelihood) cached(b *strings.Builder) {
	lines := [][]string{{"rule", "M0 consolidated", "M1 consolidated", "synapses still transient", "by"}}
	for _, e := range l.Ends {
		if c := e.Cache; c != nil {
			lines = append(lines, []string{e.Label, c.M0Consolidated.String(), c.M1Consolidated.String(), c.ResidualM0.String(), c.ResidualM1.String()})
		}
	}
	if len(lines) == 1 {
		return
	}
	b.WriteString("\n")
	writeTable(b, lines)
	b.WriteString("\nA cache's M0 and M1 above are what was paid: consolidations, what is still transient as if it were consolidated now, and M1 with the cost of keeping it.\n")
}

// goalTable has a line for each rule.
func (l *Likelihood) goalTable(goal float64) [][]string {
	lines := [][]string{{"rule", "reached", "presentations", "saving", "M0", "saving", "M1", "saving", "⟨w⟩", "dissipated", "saving", "on witnesses", "active units"}}
	for _, r := range l.Rows {
		if r.Goal == goal {
			lines = append(lines, []string{
				r.Label, r.reached(), r.Presentations.String(), r.saved(r.PresentationsSaving), r.M0.String(), r.saved(r.M0Saving),
				r.M1.String(), r.saved(r.M1Saving), nats(r.Work), nats(r.Dissipated), r.saved(r.WorkSaving), nats(r.WitnessDissipated), r.SampledUnits.String(),
			})
		}
	}
	return lines
}

// reached says how many of the seeds reached the goal, and what became of others.
func (r *LikelihoodRow) reached() string {
	text := r.Runs.reached()
	if r.Reached < r.N && r.Ended != nil {
		text += fmt.Sprintf(", ended at %.2f", r.Ended.Mean)
	}
	return text
}

// missing lists the runs whose likelihood is not known, but for those that failed, which have a list of
// their own.
func (l *Likelihood) missing() string {
	var b strings.Builder
	for _, e := range l.Ends {
		for _, m := range e.Missing {
			fmt.Fprintf(&b, "- %s, seed %d: %s\n", e.Label, m.Seed, m.Why)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n## Likelihood not known\n\n" + b.String()
}

// published sets what papers report beside ours.
func (l *Likelihood) published() (lines [][]string) {
	for _, e := range l.Ends {
		p := e.Published
		if p == nil {
			continue
		}
		for _, q := range []struct {
			name   string
			ours   *estimate.Estimate
			theirs *float64
		}{{"log-likelihood", e.Likelihood, p.Likelihood}, {"pseudo-likelihood", e.PseudoLikelihood, p.PseudoLikelihood}} {
			if q.theirs != nil {
				lines = append(lines, []string{e.Label, "the end", q.name, nats(q.ours), short(q.theirs), p.origin()})
			}
		}
	}
	return lines
}

// nats writes an estimate of any sign to two decimals.
func nats(e *estimate.Estimate) string {
	if e == nil {
		return dash
	}
	text := func(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }
	if e.Lo == nil || text(*e.Lo) == text(*e.Hi) {
		return text(e.Mean)
	}
	return fmt.Sprintf("%s (%s to %s)", text(e.Mean), text(*e.Lo), text(*e.Hi))
}

func orDash(text string) string {
	if text == "" {
		return dash
	}
	return text
}
