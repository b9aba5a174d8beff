package main

import (
	"context"
	"strings"
	"testing"

	"ergon/train/rundir"
)

// Every kind of every stage that the plain rows have not is timed, and none is refused.
func TestSuiteTimesEveryKind(t *testing.T) {
	timed := map[string]bool{}
	for _, setting := range plainKinds {
		timed[setting] = true
	}
	o := &speedOptions{device: "cpu"}
	for _, row := range ruleRows(6) {
		row.batch = min(row.batch, 3)
		result, left, err := o.measureRow(context.Background(), row, "cpu")
		if err != nil || left != "" {
			t.Errorf("%s: left out %q, %v", row.settings, left, err)
			continue
		}
		kind := row.settings[len(row.settings)-1]
		timed[kind] = true
		if result.MedianMS <= 0 {
			t.Errorf("%s takes %v ms", kind, result.MedianMS)
		}
		if remembers := kind == "rule.optimizer=momentum" || kind == "rule.cache=synaptic"; remembers && result.remembered == 0 {
			t.Errorf("%s remembers something of synapses, and its step reads and writes nothing of it", kind)
		}
	}
	for _, stage := range stages() {
		for _, kind := range stage.Kinds {
			if setting := stage.Key + "=" + kind.Name; !timed[setting] && !timed[atWork[setting]] {
				t.Errorf("%s is not timed", setting)
			}
		}
	}
}

// A rule's row stands beside the plain row of its batch and width, and its floor has what it remembers.
func TestSuiteCompares(t *testing.T) {
	s := &suite{CopyGB: 1, PeakGFLOP: 1}
	s.Rows = []timing{{Batch: 1, Model: "mlp", Hidden: []int{512}, Rule: "neurons", MedianMS: 9}, {Batch: 1, Model: "mlp", Hidden: []int{512}, Rule: "dense", MedianMS: 2}}
	s.Rules = []timing{{Batch: 1, Model: "mlp", Hidden: []int{512}, Rule: "dense", MedianMS: 3, Settings: []string{"rule.clip=none", "rule.cache=x"}, remembered: 1e6, LearnedBy: []rundir.LearnedBy{{Written: 2, Blocks: 3}}}}
	s.compare()
	if got := s.Rules[0]; got.ToPlain != 1.5 || got.FloorMS != 4 {
		t.Errorf("beside the plain step %v, floor %v; want 1.5, 4", got.ToPlain, got.FloorMS)
	}
	var text strings.Builder
	if err := s.print(&text); err != nil || !strings.Contains(text.String(), "| 1 | [512] | rule.cache=x | 3.0000 | 0.0000 | 4.0000 | 0.75 | 1.50 | blocks |") {
		t.Errorf("printed, %v:\n%s", err, text.String())
	}
}
