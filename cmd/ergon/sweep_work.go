package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ergon/sweep/launch"
)

// outOfTime is the signal by which a task of Slurm is told that its time is over.
const outOfTime = "SIGUSR1"

func newSweepWork() *cobra.Command {
	var index, jobs, requeues int
	var packs string
	c := &cobra.Command{
		Use:   "work DIR --index I",
		Short: "run one pack of a sweep's cells, as a task of a scheduler",
		Long: `Runs what is not finished of pack I of a sweep. It is what the scripts and manifests
of ergon sweep submit call, and what a scheduler of your own may call, with I from
0 on. Any number of these may run at the same time, also of the same pack: a cell is
run by one of them.

A cell that fails stops no other, and is not tried again here. Exit code 0: all cells
of the pack are done; 1: some failed, and the others are done; 75: some are not done,
because of a signal or because another process runs them: call it again.

In a task of a Slurm array, USR1 makes it requeue the task, too.`,
		Example: `  ergon sweep work runs/bench-my --index 0
  ergon sweep work runs/bench-my --index 2 --packs 0-9,12 --jobs 4`,
		Args: oneSweep,
		RunE: func(c *cobra.Command, args []string) error {
			ctx, release := endOnSignal()
			defer release()
			messages := &lossy{out: c.ErrOrStderr()}
			s, err := openSweep(args[0], messages)
			if err != nil {
				return err
			}
			if !c.Flags().Changed("index") {
				return usage(errors.New("--index is missing: which pack"))
			}
			pack, err := packAt(s, index, packs)
			if err != nil {
				return usage(err)
			}
			observe, finish := newBenchProgress(messages, s.Name())
			w, err := s.Work(ctx, pack, jobs, launch.Watch{Note: noteTo(messages), Observe: observe})
			finish()
			if stop, ok := errors.AsType[stopped](context.Cause(ctx)); ok && w.Pending() > 0 && stop.Error() == outOfTime {
				if said := launch.Requeue(context.WithoutCancel(ctx), requeues); said != "" {
					fmt.Fprintln(messages, said)
				}
			}
			return errors.Join(err, endOfWork(s, &w))
		},
	}
	f := c.Flags()
	intVar(f, &index, "index", 0, "which pack, or which of --packs; 0: the first")
	within(f, "index", "at least 0", atLeast(0))
	f.StringVar(&packs, "packs", "", "packs of which --index is one, as 0-9,12; without it, all")
	intVar(f, &jobs, "jobs", 1, "cells at the same time; 0: one for each core, 64 on a GPU")
	within(f, "jobs", "at least 1, or 0 for one run on each core", atLeast(0))
	intVar(f, &requeues, "requeues", 20, "times that a task requeues itself, at most; 0: never")
	within(f, "requeues", "at least 0", atLeast(0))
	return explainSignals(c, "cells that are going on end, and the same call runs what is not done.")
}

// packAt returns the pack that an index stands for.
func packAt(s *launch.Sweep, index int, packs string) (int, error) {
	if packs == "" {
		if index >= s.Packs() {
			return 0, fmt.Errorf("--index %d: the sweep has packs 0 to %d", index, s.Packs()-1)
		}
		return index, nil
	}
	of, err := launch.ParseRanges(packs, s.Packs()-1)
	if err != nil {
		return 0, fmt.Errorf("--packs: %w", err)
	}
	if index >= len(of) {
		return 0, fmt.Errorf("--index %d: --packs %s are %d", index, packs, len(of))
	}
	return of[index], nil
}
