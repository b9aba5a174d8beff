package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/train/rundir"
)

// Each accuracy stands under its own name.
func TestAccuraciesOfBothSets(t *testing.T) {
	last, best, chosen, test, held := 0.91, 0.92, 0.93, 0.94, 0.95
	s := &rundir.Summary{
		TestAccuracy: &test, BestTestAccuracy: &held,
		Validated: &rundir.Validated{Validation: rundir.Validation{ValidationAccuracy: &last}, BestValidationAccuracy: &best, ChosenTestAccuracy: &chosen},
		Crossings: []rundir.Crossing{{Accuracy: 0.9, TestAccuracy: test, ValidationAccuracy: &last, Samples: 7}},
	}
	var text strings.Builder
	printAccuracies(&text, s)
	if want := "validation      91.00 % (best 92.00 %)\ntest accuracy   94.00 % (93.00 % where validation was best)\n"; text.String() != want {
		t.Errorf("got %q, want %q", &text, want)
	}
	rows := crossingRows(s)
	if diff := cmp.Diff([]string{"validation goal", "test", "presentations"}, rows[0][:3]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"90 %", "94.00 %", "7"}, rows[1][:3]); diff != "" {
		t.Error(diff)
	}
	s.Validated, s.Crossings[0].ValidationAccuracy = nil, nil
	text.Reset()
	printAccuracies(&text, s)
	if want := "test accuracy   94.00 % (best 95.00 %)\n"; text.String() != want {
		t.Errorf("got %q, want %q", &text, want)
	}
	if diff := cmp.Diff([]string{"90 %", "7"}, crossingRows(s)[1][:2]); diff != "" {
		t.Error(diff)
	}
}

// Where goals are reached by a mean, what that took stands before what first crossings took,
// also of goals that were not held on to.
func TestCrossingsOfBothKinds(t *testing.T) {
	mean, held := 0.905, 0.91
	s := &rundir.Summary{
		Sustained: &rundir.Sustained{Evaluations: 3, FirstCrossings: []rundir.Crossing{
			{Accuracy: 0.9, TestAccuracy: 0.92, Samples: 7, M0: 70, M1: 1}, {Accuracy: 0.95, TestAccuracy: 0.96, Samples: 9, M0: 90, M1: 2},
		}},
		Crossings: []rundir.Crossing{{Accuracy: 0.9, TestAccuracy: 0.89, SustainedAccuracy: &mean, Samples: 21, M0: 210, M1: 3}},
	}
	want := [][]string{
		{"goal", "mean", "test", "presentations", "M0", "M1", "M1/M1min", "first presentations", "first M0", "first M1", "first test"},
		{"90 %", "90.50 %", "89.00 %", "21", "210", "3", "n/a", "7", "70", "1", "92.00 %"},
		{"95 %", "-", "-", "-", "-", "-", "-", "9", "90", "2", "96.00 %"},
	}
	if diff := cmp.Diff(want, crossingRows(s)); diff != "" {
		t.Error(diff)
	}
	if want := "goals are reached by the mean of the last 3 evaluations; first: by one evaluation"; goalWords(s) != want {
		t.Errorf("%q, want %q", goalWords(s), want)
	}
	s.BestSustainedAccuracy = &mean
	if want := "best mean of 3 90.50 %"; achieved(s) != want {
		t.Errorf("%q, want %q", achieved(s), want)
	}
	s.Validated = &rundir.Validated{BestValidationAccuracy: &held}
	if want := "best mean of 3 validation 90.50 %"; achieved(s) != want {
		t.Errorf("%q, want %q", achieved(s), want)
	}
	if rows := crossingRows(s); rows[0][0] != "validation goal" {
		t.Errorf("head %q of a validation goal", rows[0][0])
	}
}
