package main

import (
	"strings"
	"testing"

	"ergon/train/rundir"
)

// What is not known of a Boltzmann machine is not printed as a number, and an estimate that few
// chains carry says so.
func TestLikelihoodPrinted(t *testing.T) {
	few, many, train := 9.9, 10.0, -3.0
	told := &rundir.ChainWork{Mean: 2}
	told.Free(1.5, 0.25, "ais")
	for _, c := range []struct {
		summary rundir.Summary
		want    string
		absent  string
	}{
		{rundir.Summary{NoLikelihood: "method is none", Work: &rundir.ChainWork{Mean: 2}}, "log-likelihood  not known: method is none\nwork on chains  2 kT, ΔF not known\n", "dissipated"},
		{rundir.Summary{Likelihood: &rundir.Likelihood{Train: &train, Chains: 100, Effective: &few}}, "not to be trusted: 9.9 of 100 chains carry it", "ΔF"},
		{rundir.Summary{Likelihood: &rundir.Likelihood{Train: &train, Chains: 100, Effective: &many}, Work: told}, "ΔF 1.5 ± 0.25 (ais), dissipated 0.5", "trusted"},
	} {
		var out strings.Builder
		printLikelihood(&out, &c.summary)
		if got := out.String(); !strings.Contains(got, c.want) || strings.Contains(got, c.absent) {
			t.Errorf("printed\n%swant %q and no %q", got, c.want, c.absent)
		}
	}
}
