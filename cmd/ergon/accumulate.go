package main

import (
	"fmt"
	"io"

	"ergon/energy"
	"ergon/train/rundir"
)

// printAccumulated prints what a rule changed beside the weights, if it keeps something there.
// What the network sees of that is in M0 and M1, too.
func printAccumulated(w io.Writer, a energy.Accumulate, seen bool) {
	if !a.Known || a.Updates == 0 {
		return
	}
	amount := ""
	if a.Amount > 0 {
		amount = fmt.Sprintf("%.4g in amount, ", a.Amount)
	}
	where := "none of them in M0 or M1"
	if seen {
		where = "those that the network sees are in M0 and M1, too"
	}
	fmt.Fprintf(w, "beside weights  %s changes, %sin %s bits: %s\n", count(a.Updates), amount, count(a.Bits), where)
}

// printAccumulate prints what changed beside the weights as a table, a line for each layer: in
// accumulators, and in the gradients of batches. Where nothing did, it prints nothing.
func printAccumulate(w io.Writer, a rundir.Account) error {
	if sum := a.Accumulate; !sum.Known || sum.Updates+sum.GradientUpdates == 0 {
		return nil
	}
	rows := [][]string{{"layer", "changes", "Σ|Δχ|", "reads", "writes", "of gradients", "bits"}}
	line := func(name string, x energy.Accumulate) {
		rows = append(rows, []string{name, count(x.Updates), fmt.Sprintf("%.4g", x.Amount), count(x.Reads), count(x.Writes), count(x.GradientUpdates), count(x.Bits)})
	}
	for _, y := range a.Layers {
		line(y.Name, y.Update.Accumulate)
	}
	line("all", a.Accumulate)
	fmt.Fprintln(w, "\nbeside the weights (docs/energy.md):")
	return table(w, rows)
}
