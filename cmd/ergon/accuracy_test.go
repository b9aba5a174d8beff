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
