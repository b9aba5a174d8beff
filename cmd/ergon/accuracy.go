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

// goalWords say when a goal of a run is reached.
func goalWords(s *rundir.Summary) string {
	if s.Sustained == nil {
		return "goals are reached by the first evaluation at or above them"
	}
	return fmt.Sprintf("goals are reached by the mean of the last %d evaluations; first: by one evaluation", s.Evaluations)
}

// crossingRows are a table of the goals that a run reached, and of what that took. Where
// they are reached by a mean, it has besides those that only one evaluation reached.
func crossingRows(s *rundir.Summary) [][]string {
	if s.Sustained != nil {
		return sustainedRows(s)
	}
	head := []string{"goal"}
	if s.Validated != nil {
		head = []string{"validation goal", "test"}
	}
	rows := [][]string{append(head, costsHead...)}
	for _, x := range s.Crossings {
		row := []string{rundir.Goal(x.Accuracy)}
		if s.Validated != nil {
			row = append(row, percent(&x.TestAccuracy))
		}
		rows = append(rows, append(row, costs(&x)...))
	}
	return rows
}

// costsHead are the heads of what costs returns.
var costsHead = []string{"presentations", "M0", "M1", "M1/M1min"}

// costs say what it took to reach a goal.
func costs(x *rundir.Crossing) []string {
	return []string{fmt.Sprint(x.Samples), count(x.M0), fmt.Sprintf("%.4g", x.M1), ratio(x.M1Inefficiency)}
}

// sustainedRows are crossingRows where goals are reached by a mean. No mean is at a goal that
// none of its evaluations has reached, so goals that were first reached are all there are.
func sustainedRows(s *rundir.Summary) [][]string {
	head := []string{"goal", "mean", "test"}
	if s.Validated != nil {
		head[0] = "validation goal"
	}
	rows := [][]string{append(append(head, costsHead...), "first presentations", "first M0", "first M1", "first test")}
	for i, first := range s.FirstCrossings {
		row := []string{rundir.Goal(first.Accuracy)}
		if i < len(s.Crossings) {
			x := &s.Crossings[i]
			row = append(append(row, percent(x.SustainedAccuracy), percent(&x.TestAccuracy)), costs(x)...)
		} else {
			row = append(row, "-", "-", "-", "-", "-", "-")
		}
		rows = append(rows, append(row, fmt.Sprint(first.Samples), count(first.M0), fmt.Sprintf("%.4g", first.M1), percent(&first.TestAccuracy)))
	}
	return rows
}
