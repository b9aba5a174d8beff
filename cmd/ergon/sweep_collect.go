package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ergon/sweep"
)

func newSweepCollect() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "collect DIR",
		Short: "print the results of a sweep, as ergon bench does",
		Long: `Prints what ergon bench prints of the same cells, and writes bench.md, bench.json,
bench.csv, figures/ and, where a rule has accumulators, frontier.csv, where a free
energy is asked for, free-energy.csv into the sweep's folder: the same bytes, whatever
launcher ran the cells and in whatever order.
Cells that are not done are counted as pending, and those that failed are listed with
the reason; the exit code is then 1.

If data or price tables of a finished cell are not those of the submission, it says
so and prints nothing: results of different data are not averaged.`,
		Example: `  ergon sweep collect runs/bench-my
  ergon sweep collect runs/bench-my --json > results.json`,
		Args: oneSweep,
		RunE: func(c *cobra.Command, args []string) error {
			messages := &lossy{out: c.ErrOrStderr()}
			s, err := openSweep(args[0], messages)
			if err != nil {
				return err
			}
			report, outcomes, err := s.Collect(noteTo(messages))
			if err != nil {
				return err
			}
			written := report.Write(s.Folder)
			if asJSON {
				err = report.WriteJSON(c.OutOrStdout())
			} else {
				err = printBench(c.OutOrStdout(), report, nil, args[0])
			}
			return errors.Join(notDone(outcomes, args[0]), written, unprinted(err, args[0]))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print bench.json instead of the tables")
	return c
}

// notDone is an error if cells are not done.
func notDone(outcomes []sweep.Outcome, folder string) error {
	failed, pending := 0, 0
	for i := range outcomes {
		switch o := &outcomes[i]; {
		case o.Err != nil:
			failed++
		case !o.Finished():
			pending++
		}
	}
	if failed+pending == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d cells are not done, and %d failed; `ergon sweep status %s` says why", pending, len(outcomes), failed, folder)
}
