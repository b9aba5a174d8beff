package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"ergon/energy"
	"ergon/train/rundir"
)

// printOperations prints the NeuroBench metrics of a run, and their
// counterparts in training. Runs of older versions have none.
func printOperations(w io.Writer, s *rundir.Summary) error {
	o := s.Operations
	if o.Inference == nil {
		return nil
	}
	printInference(w, o.Inference)
	fmt.Fprintln(w, "\noperations of a training presentation, mean:")
	if err := table(w, operationRows(o.Training.PerSample)); err != nil {
		return err
	}
	if len(o.Training.ToGoals) == 0 {
		return nil
	}
	fmt.Fprintf(w, "\noperations to a goal of %s accuracy, effective ones of the passes; what passes and updates cost at each table's prices:\n", s.GoalsOn())
	return table(w, goalRows(o.Training.ToGoals))
}

// goalRows are a table of what it took to reach each goal.
func goalRows(goals []rundir.GoalOperations) [][]string {
	tables := slices.Sorted(maps.Keys(goals[0].JoulesModel))
	head := []string{"goal", "presentations", "forward", "backward", "additions", "reads", "writes"}
	rows := [][]string{append(head, tables...)}
	for _, g := range goals {
		t := g.Total
		reads, writes := t.Forward.WeightReads+t.Backward.WeightReads+t.Update.WeightReads, t.Update.WeightWrites
		if m := t.Update.Memory; m != nil {
			reads, writes = reads+m.Reads, writes+m.Writes
		}
		if a := t.Update.Accumulate; a != nil {
			reads, writes = reads+a.Reads, writes+a.Writes
		}
		row := []string{
			rundir.Goal(g.Accuracy), fmt.Sprint(g.Samples), quantity(effective(t.Forward)), quantity(effective(t.Backward)),
			quantity(t.Update.Additions), quantity(reads), quantity(writes),
		}
		for _, name := range tables {
			row = append(row, ratio(learning(g.JoulesModel[name])))
		}
		rows = append(rows, row)
	}
	return rows
}

// learning returns the cost of both passes and the updates, of changes beside the weights where they
// are on the bill, nil if one of them is unknown.
func learning(stages rundir.StageJoules) *float64 {
	sum := 0.0
	for _, s := range []energy.Stage{energy.Forward, energy.Backward, energy.Updating, energy.Accumulating} {
		if _, billed := stages[s]; !billed && s == energy.Accumulating {
			continue
		}
		if stages[s] == nil {
			return nil
		}
		sum += *stages[s]
	}
	return &sum
}

// printInference prints the NeuroBench metrics of inference.
func printInference(w io.Writer, i *energy.Inference) {
	fmt.Fprintf(w, "\nNeuroBench: parameters %d, footprint %d bytes\n", i.ParameterCount, i.Footprint)
	fmt.Fprintf(w, "connection sparsity %s, activation sparsity %s\n", ratio(i.ConnectionSparsity), ratio(i.ActivationSparsity))
	s := i.SynapticOperations
	fmt.Fprintf(w, "synaptic operations of an inference: dense %s, effective MACs %s, effective ACs %s (mean over %d test examples)\n",
		quantity(s.Dense), ratio(s.EffectiveMACs), ratio(s.EffectiveACs), i.Presentations)
}

// operationRows are a table of operations, a line for each layer and stage.
func operationRows(o energy.Operations) [][]string {
	rows := [][]string{{"layer", "stage", "dense", "effective MACs", "effective ACs", "reads", "writes", "additions", "Σ|Δw|"}}
	for _, y := range append(o.Layers, o.Total) {
		pass := func(stage string, p energy.PassOperations) {
			rows = append(rows, []string{y.Layer, stage, quantity(p.Dense), quantity(p.EffectiveMACs), quantity(p.EffectiveACs), quantity(p.WeightReads), "", "", ""})
		}
		pass("forward", y.Forward)
		pass("backward", y.Backward)
		u := y.Update
		rows = append(rows, []string{y.Layer, "update", "", "", "", quantity(u.WeightReads), quantity(u.WeightWrites), quantity(u.Additions), quantity(u.ChangeAmount)})
		if m := u.Memory; m != nil && m.Reads+m.Writes > 0 {
			rows = append(rows, []string{y.Layer, "update, memory", "", "", "", quantity(m.Reads), quantity(m.Writes), "", ""})
		}
		if a := u.Accumulate; a != nil && a.Reads+a.Writes > 0 {
			rows = append(rows, []string{y.Layer, "accumulate", "", "", "", quantity(a.Reads), quantity(a.Writes), quantity(a.Writes), ""})
		}
	}
	return rows
}

// effective returns the effective operations of a pass, of both kinds.
func effective(p energy.PassOperations) float64 { return p.EffectiveMACs + p.EffectiveACs }

// quantity formats a number that need not be an integer.
func quantity(x float64) string { return fmt.Sprintf("%.4g", x) }
