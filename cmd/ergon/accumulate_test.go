package main

import (
	"strings"
	"testing"

	"ergon/energy"
	"ergon/train/rundir"
)

// What changed beside the weights is printed where something did, and never of a run that did not count it.
func TestPrintAccumulate(t *testing.T) {
	known := energy.Accumulate{Known: true}
	moments, gradients := known, known
	moments.Updates, gradients.GradientUpdates = 3, 4
	for _, c := range []struct {
		name        string
		of          energy.Accumulate
		line, table bool
	}{
		{"unknown", energy.Accumulate{Updates: 3, GradientUpdates: 4}, false, false},
		{"nothing", known, false, false},
		{"moments", moments, true, true},
		{"gradients", gradients, false, true},
	} {
		var line, table strings.Builder
		printAccumulated(&line, c.of, false)
		account := rundir.Account{Totals: energy.Totals{Accumulate: c.of}, Layers: []energy.Layer{{Name: "layer 1", Update: energy.Update{Accumulate: c.of}}}}
		if err := printAccumulate(&table, account); err != nil {
			t.Fatal(err)
		}
		if (line.Len() > 0) != c.line || (table.Len() > 0) != c.table {
			t.Errorf("%s: %q and %q", c.name, line.String(), table.String())
		}
	}
}
