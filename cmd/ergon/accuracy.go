package main

import (
	"fmt"
	"io"

	"ergon/train/rundir"
)

// accuracies prints the accuracies of an evaluation on one line, or what a Boltzmann machine
// has in their place.
func accuracies(m *rundir.Metrics) string {
	if m.Boltzmann != nil {
		return monitors(m.Boltzmann)
	}
	text := "test " + percent(m.TestAccuracy)
	if m.Validation != nil {
		text = "validation " + percent(m.ValidationAccuracy) + "  " + text
	}
	return text
}

// printAccuracies prints the accuracies that a run ended with, and the best. Where
// examples are held out, the best is chosen on them, and on the test set it is what the
// chosen weights have.
func printAccuracies(w io.Writer, s *rundir.Summary) {
	if v := s.Validated; v != nil {
		fmt.Fprintf(w, "validation      %s (best %s)\n", percent(v.ValidationAccuracy), percent(v.BestValidationAccuracy))
		fmt.Fprintf(w, "test accuracy   %s (%s where validation was best)\n", percent(s.TestAccuracy), percent(v.ChosenTestAccuracy))
		return
	}
	fmt.Fprintf(w, "test accuracy   %s (best %s)\n", percent(s.TestAccuracy), percent(s.BestTestAccuracy))
}

// crossingRows are a table of the goals that a run reached, and of what that took.
func crossingRows(s *rundir.Summary) [][]string {
	head, costs := []string{"goal"}, []string{"presentations", "M0", "M1", "M1/M1min"}
	if s.Validated != nil {
		head = []string{"validation goal", "test"}
	}
	rows := [][]string{append(head, costs...)}
	for _, x := range s.Crossings {
		row := []string{rundir.Goal(x.Accuracy)}
		if s.Validated != nil {
			row = append(row, percent(&x.TestAccuracy))
		}
		rows = append(rows, append(row, fmt.Sprint(x.Samples), count(x.M0), fmt.Sprintf("%.4g", x.M1), ratio(x.M1Inefficiency)))
	}
	return rows
}
