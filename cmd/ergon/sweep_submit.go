package main

import (
	"github.com/spf13/cobra"

	"ergon/configs"
	"ergon/sweep/launch"
)

func newSweepSubmit() *cobra.Command {
	var o launchOptions
	var quick, force bool
	var out, launchFile string
	var set []string
	c := &cobra.Command{
		Use:   "submit BENCH [key=value ...]",
		Short: "list a benchmark's cells and have them run",
		Long: `Lists the cells of a benchmark, which is named as for ergon bench, and has them run.
The section launch of the benchmark, over it a file with such keys (--launch), and
over that --set say how:

    launch:
      cell_s: 40              # seconds a run takes; 0: the first one is timed, ten at most
      task_s: 600             # a task lasts at least that long, by as many runs
      parallel: 50            # tasks at the same time
      slurm: {partition: cpu, account: me, time: 2:00:00, options: [--constraint=avx2]}

All keys are in docs/sweeps.md. With --on slurm tasks are told by USR1 to save and
requeue themselves before their time is over, and the program must lie where the
nodes see it. Paths in configs stay relative to the working directory of this call.
Called again while no task is queued or runs, it submits what is missing with the
launch settings of this call. A search is not a sweep: ergon bench --tune runs it.`,
		Example: `  ergon sweep submit rules --quick --on local
  ergon sweep submit my.yaml --on slurm --set slurm.partition=cpu
  ergon sweep submit my.yaml model.hidden=[50] --on slurm --launch cluster.yaml --dry-run
  ergon sweep submit my.yaml --on kubernetes --launch cluster.yaml | kubectl apply -f -`,
		Args: arguments(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, release := endOnSignal()
			defer release()
			bench, settings, err := planBench(args[0], args[1:], quick)
			if err != nil {
				return usage(err)
			}
			if bench.Launch, err = configs.LoadLaunch(bench.Launch, launchFile, set); err != nil {
				return usage(err)
			}
			if _, err := bench.Cells(settings); err != nil {
				return usage(err)
			}
			if o.on == "" {
				o.on = "local"
			}
			if _, err := launch.NewLauncher(o.on, launch.Options{}); err != nil {
				return usage(err)
			}
			if out == "" {
				if out = bench.Folder(); quick {
					out += "-quick"
				}
			}
			messages := &lossy{out: c.ErrOrStderr()}
			s, err := launch.Create(out, bench, settings, force, noteTo(messages))
			if err != nil {
				return err
			}
			return o.resume(ctx, c, s, messages)
		},
	}
	o.flags(c, "without it, local")
	f := c.Flags()
	f.BoolVar(&quick, "quick", false, "the benchmark's small version")
	f.BoolVar(&force, "force", false, "begin anew, over what is finished and another benchmark")
	pathVar(f, &out, "out", "folder of the results; without it, runs/bench-NAME")
	pathVar(f, &launchFile, "launch", "YAML file of launch settings, over those of the benchmark")
	f.StringArrayVar(&set, "set", nil, "launch setting, as slurm.partition=cpu; may be repeated")
	return explainSignals(c, "cells that run on this machine end, and resume goes on from there.")
}
