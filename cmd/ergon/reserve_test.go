package main

import (
	"strings"
	"testing"

	"ergon/train/rundir"
)

// What a reserve earned, paid and refused is printed of a run that has one.
func TestReserveIsPrinted(t *testing.T) {
	for want, r := range map[string]*rundir.Reserve{
		"": nil,
		"reserve         10, 500 earned, 498 spent, 12 left; 7 updates refused\n": {Initial: 10, Income: 500, Spent: 498, Left: 12, Refused: 7},
	} {
		var b strings.Builder
		if err := printSummary(&b, &rundir.Summary{Reserve: r}, "run"); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "reserve"); got != (r != nil) || !strings.Contains(b.String(), want) {
			t.Errorf("%+v: %q", r, b.String())
		}
	}
}
