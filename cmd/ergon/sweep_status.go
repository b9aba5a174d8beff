package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ergon/sweep/launch"
)

func newSweepStatus() *cobra.Command {
	var asJSON, all bool
	c := &cobra.Command{
		Use:   "status DIR",
		Short: "how far a sweep is: done, running, waiting, failed, missing",
		Long: `Says how many cells of a sweep are done, and what became of the others: running;
waiting, in a task that is queued or runs; failed, with the reason; missing, where
nobody has the cell in hand: its task was killed or cancelled, or never submitted.

Run directories decide what is done. squeue and scontrol are asked about the rest;
a cluster needs no accounting database.`,
		Example: `  ergon sweep status runs/bench-my
  ergon sweep status runs/bench-my --all
  ergon sweep status runs/bench-my --json`,
		Args: oneSweep,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := openSweep(args[0], &lossy{out: c.ErrOrStderr()})
			if err != nil {
				return err
			}
			st, err := s.Status(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), st)
			}
			return printStatus(c, st, all)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print every cell as JSON")
	c.Flags().BoolVar(&all, "all", false, "list every cell that is not done")
	return c
}

// fewCells is how many cells of a state are listed without being asked to.
const fewCells = 10

// printStatus prints counts, and cells that are not done.
func printStatus(c *cobra.Command, st *launch.Status, all bool) error {
	out := c.OutOrStdout()
	fmt.Fprintf(out, "%s: %s\n", st.Name, counts(st))
	for _, note := range st.Notes {
		fmt.Fprintf(out, "note: %s\n", note)
	}
	var rows [][]string
	more := map[launch.State]int{}
	listed := map[launch.State]int{}
	for _, cell := range st.Cells {
		if cell.State == launch.Done {
			continue
		}
		if listed[cell.State]++; !all && listed[cell.State] > fewCells {
			more[cell.State]++
			continue
		}
		rows = append(rows, []string{string(cell.State), cell.Label, fmt.Sprintf("seed %d", cell.Seed), "cells/" + cell.Hash, strings.ReplaceAll(cell.Why, "\n", " ")})
	}
	if len(rows) == 0 {
		return nil
	}
	order := []string{string(launch.Failed), string(launch.Missing), string(launch.Running), string(launch.Waiting)}
	slices.SortStableFunc(rows, func(a, b []string) int { return slices.Index(order, a[0]) - slices.Index(order, b[0]) })
	fmt.Fprintln(out)
	if err := table(out, rows); err != nil {
		return err
	}
	for _, state := range order {
		if n := more[launch.State(state)]; n > 0 {
			fmt.Fprintf(out, "… and %d more %s; --all lists them\n", n, state)
		}
	}
	return nil
}

// counts says how many cells are in each state.
func counts(st *launch.Status) string {
	text := fmt.Sprintf("%d of %d done", st.Done, st.Total)
	for _, of := range []struct {
		n    int
		what launch.State
	}{{st.Running, launch.Running}, {st.Waiting, launch.Waiting}, {st.Failed, launch.Failed}, {st.Missing, launch.Missing}} {
		if of.n > 0 {
			text += fmt.Sprintf(", %d %s", of.n, of.what)
		}
	}
	return text
}
