package main

import (
	"fmt"
	"io"

	"ergon/train/rundir"
)

// monitors prints what an evaluation says of a Boltzmann machine on one line: its likelihood
// if it is known, else what stands for it.
func monitors(b *rundir.Boltzmann) string {
	switch {
	case b.Likelihood != nil:
		return fmt.Sprintf("test log-likelihood %.2f nats (%s)", b.Likelihood.Test, b.Likelihood.Method)
	case b.Trajectory != nil:
		return fmt.Sprintf("test log-likelihood %.2f nats (by witnesses)", b.Trajectory.Test)
	case b.PseudoLikelihood != nil:
		return fmt.Sprintf("test pseudo-likelihood %.2f nats", *b.PseudoLikelihood)
	}
	return fmt.Sprintf("test reconstruction error %.4f", b.Reconstruction)
}

// printLikelihood prints what a Boltzmann machine has reached, and the work that took.
func printLikelihood(w io.Writer, s *rundir.Summary) {
	if l := s.Likelihood; l != nil {
		fmt.Fprintf(w, "log-likelihood  test %s, train %s nats per example; ln Z %.3f (%s)\n", likelihood(&l.Test, l), likelihood(l.Train, l), l.LnZ, l.Method)
		if l.LnZReverse != nil {
			fmt.Fprintf(w, "                ln Z %.3f in the other direction, from the chains\n", *l.LnZReverse)
		}
	} else {
		fmt.Fprintf(w, "log-likelihood  not known: %s\n", s.NoLikelihood)
	}
	if k := s.Work; k != nil {
		fmt.Fprintf(w, "work on chains  %.4g kT, %s\n", k.Mean, freed(k, k.By))
		if b := k.Witnesses; b != nil {
			fmt.Fprintf(w, "  on witnesses  %.4g kT, %s\n", b.Mean, freed(b, fmt.Sprintf("%s, by %.1f chains", b.By, *b.Effective)))
		}
	}
	if a := s.Adversarial; a != nil {
		fmt.Fprintf(w, "told apart      %.3f of test examples and %.3f of the chains' states have a nearest other of their kind (½ is perfect; ± %.3f)\n", a.Truth, a.Synthetic, a.StandardError)
	}
	if p := s.Energy.Sampling; p != nil {
		fmt.Fprintf(w, "sampling        %s sweeps, %s effective MACs, %s hidden and %s visible units active\n", count(p.Sweeps), count(p.MACsEffective), count(p.ActiveHidden), count(p.ActiveVisible))
	}
}

// freed prints ΔF, how it is known, and what was dissipated.
func freed(k *rundir.ChainWork, how string) string {
	if k.DeltaF == nil {
		return "ΔF not known"
	}
	between := ""
	if k.Error != nil && *k.Error > 0 {
		between = fmt.Sprintf(" ± %.2g", *k.Error)
	}
	return fmt.Sprintf("ΔF %.4g%s (%s), dissipated %.4g", *k.DeltaF, between, how, *k.Dissipated)
}

// likelihood prints nats, with the interval of an estimate.
func likelihood(x *float64, l *rundir.Likelihood) string {
	switch {
	case x == nil:
		return "n/a"
	case l.Hi == l.Lo:
		return fmt.Sprintf("%.3f", *x)
	}
	return fmt.Sprintf("%.3f (%.3f to %.3f)", *x, *x-(l.Test-l.Lo), *x+(l.Hi-l.Test))
}

// likelihoodRows are a table of the log-likelihoods that a run reached, and of what that took.
func likelihoodRows(s *rundir.Summary) [][]string {
	rows := [][]string{{"goal", "reached", "presentations", "M0", "M1", "work on chains"}}
	for _, x := range s.LikelihoodCrossings {
		row := []string{fmt.Sprint(x.Goal), fmt.Sprintf("%.3f", x.Likelihood), fmt.Sprint(x.Samples), count(x.M0), fmt.Sprintf("%.4g", x.M1), "n/a"}
		if x.Work != nil {
			row[5] = fmt.Sprintf("%.4g", *x.Work)
		}
		rows = append(rows, row)
	}
	return rows
}
