package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"ergon/sweep/launch"
)

func newSweepResume() *cobra.Command {
	return newSweepAgain("resume DIR", "have what is missing run", `Has cells run that are neither done nor failed, and that no task has in hand: packs of
which a task is queued or runs are left to it. A cell that failed is left alone;
ergon sweep retry tries it again.`, false)
}

func newSweepRetry() *cobra.Command {
	return newSweepAgain("retry DIR", "have what is missing or failed run", `Has cells run that are missing, as ergon sweep resume does, and those that failed.`, true)
}

// newSweepAgain returns a verb that has cells of a sweep run again.
func newSweepAgain(use, short, long string, failed bool) *cobra.Command {
	o := launchOptions{retry: failed}
	c := &cobra.Command{
		Use: use, Short: short, Long: long,
		Example: fmt.Sprintf("  ergon sweep %[1]s runs/bench-my\n  ergon sweep %[1]s runs/bench-my --on local --jobs 2", use[:len(use)-len(" DIR")]),
		Args:    oneSweep,
		RunE: func(c *cobra.Command, args []string) error {
			ctx, release := endOnSignal()
			defer release()
			messages := &lossy{out: c.ErrOrStderr()}
			s, err := openSweep(args[0], messages)
			if err != nil {
				return err
			}
			if o.on == "" {
				if o.on, err = s.LastOn(); err != nil {
					return err
				}
			}
			if _, err := launch.NewLauncher(o.on, launch.Options{}); err != nil {
				return usage(err)
			}
			return o.resume(ctx, c, s, messages)
		},
	}
	o.flags(c, "without it, where the sweep was submitted last")
	return explainSignals(c, "cells that run on this machine end, and the same call goes on from there.")
}
