package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ergon/sweep"
	"ergon/train/rundir"
)

// runTune searches the rule that a benchmark's tune section describes, and
// compares what it finds with the baseline on fresh seeds.
func runTune(ctx context.Context, c *cobra.Command, bench *sweep.Bench, settings []sweep.Setting, o benchOptions) error {
	if bench.Tune == nil {
		return usage(fmt.Errorf("benchmark %s has no tune section, which says what to search", bench.Name))
	}
	if err := bench.Tune.Reprice(o.price, o.limit); err != nil {
		return usage(fmt.Errorf("--price, --limit: %w", err))
	}
	messages := &lossy{out: c.ErrOrStderr()}
	watch := func(goal float64, candidates int) (func(sweep.Progress), func()) {
		if o.quiet {
			return nil, func() {}
		}
		fmt.Fprintf(messages, "%d candidates to %s\n", candidates, rundir.Goal(goal))
		return newBenchProgress(messages, bench.Name)
	}
	asked, err := bench.Asked(settings, true)
	if err != nil {
		return usage(err)
	}
	release, err := sweep.Hold(o.out)
	if err != nil {
		return err
	}
	defer release()
	options := sweep.Options{Out: o.out, Held: true, Jobs: o.jobs, Force: o.force, Asked: asked, Note: noteTo(messages)}
	tuning, err := bench.Search(ctx, settings, options, watch)
	if errors.Is(err, sweep.ErrInterrupted) {
		return exit{exitInterrupted, fmt.Errorf("interrupted; %s", o.resume())}
	}
	var printed error
	if len(tuning.Rungs) > 0 { // also where a later rung failed
		if !o.asJSON {
			printed = unprinted(tuning.WriteMarkdown(c.OutOrStdout()), o.out)
		}
		err = errors.Join(err, tuning.Write(o.out))
	}
	if err != nil {
		return errors.Join(err, printed)
	}
	verdict := bench.Verdict(tuning)
	cells, err := verdict.Cells(settings)
	if err != nil {
		return usage(err)
	}
	return errors.Join(runCells(ctx, c, verdict, cells, asked, o), printed)
}
