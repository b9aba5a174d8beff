package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ergon/sweep/launch"
)

// newSweep returns the verbs of sweeps.
func newSweep() *cobra.Command {
	c := &cobra.Command{
		Use:   "sweep",
		Short: "a benchmark's cells as work for this machine, Slurm or Kubernetes",
		Long: `Hands the runs of a benchmark to others, and collects what they did. submit lists
them in the benchmark's folder, runs/bench-NAME, with their configs and the
SHA-256 of their data and price tables, and has a launcher run them in packs:

    local        in this process, one run on each core, until all are done
    slurm        as a job array: sbatch, squeue and scontrol must be on the path
    kubernetes   prints the manifest of an Indexed Job, for kubectl apply -f -

What is finished is in run directories, and nothing else is remembered: kill what
you like, and resume runs what is missing. collect prints what ergon bench would
print of the same runs, wherever they were made and in whatever order.
docs/sweeps.md has more.`,
		Example: `  ergon sweep submit my.yaml --on slurm --set slurm.partition=cpu --set slurm.time=2:00:00
  ergon sweep status runs/bench-my
  ergon sweep resume runs/bench-my
  ergon sweep collect runs/bench-my`,
		Args: unknownVerb,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSweepSubmit(), newSweepStatus(), newSweepResume(), newSweepRetry(), newSweepCollect(), newSweepWork())
	return c
}

// openSweep opens the sweep of a folder, in the directory where it was submitted.
func openSweep(folder string, messages *lossy) (*launch.Sweep, error) {
	path, err := argumentPath(folder)
	if err != nil {
		return nil, err
	}
	s, err := launch.Open(path)
	if err != nil {
		return nil, err
	}
	s.Enter(noteTo(messages))
	return s, nil
}

// oneSweep is the argument of verbs that take a sweep's folder.
func oneSweep(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usage(fmt.Errorf("want the folder of one sweep; see `%s --help`", c.CommandPath()))
	}
	return nil
}

// launchOptions are the flags of verbs that have cells run.
type launchOptions struct {
	on            string
	jobs          int
	asJSON, quiet bool
	dryRun, retry bool
}

// flags defines them; without --on, what stands in usage is done.
func (o *launchOptions) flags(c *cobra.Command, on string) {
	f := c.Flags()
	f.StringVar(&o.on, "on", "", "local, slurm or kubernetes; "+on)
	intVar(f, &o.jobs, "jobs", 0, "runs at the same time here; 0: one for each core, or 64 on a GPU")
	within(f, "jobs", "at least 1, or 0 for one run on each core", atLeast(0))
	f.BoolVar(&o.dryRun, "dry-run", false, "write the script or manifest, and submit nothing")
	f.BoolVar(&o.asJSON, "json", false, "print what was submitted as JSON")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
}

// resume has what is missing run, and says so.
func (o *launchOptions) resume(ctx context.Context, c *cobra.Command, s *launch.Sweep, messages *lossy) error {
	if o.jobs > 0 && o.on != "local" {
		return usage(fmt.Errorf("--jobs is for this machine; on %s a task runs launch.cpus cells at the same time", o.on))
	}
	observe, finish := newBenchProgress(messages, s.Name())
	if o.quiet {
		observe = nil
	}
	r, err := s.Resume(ctx, o.on, launch.Options{Jobs: o.jobs, DryRun: o.dryRun, Retry: o.retry, Watch: launch.Watch{Note: noteTo(messages), Observe: observe}})
	finish()
	if interrupted := ctx.Err(); err != nil && interrupted != nil && errors.Is(err, context.Cause(ctx)) {
		return exit{exitInterrupted, fmt.Errorf("interrupted; `ergon sweep resume %s` goes on", s.Folder)}
	}
	if r.Status == nil {
		return err
	}
	return errors.Join(err, o.say(c, s, &r), endOfWork(s, r.Ran))
}

// say prints what was submitted.
func (o *launchOptions) say(c *cobra.Command, s *launch.Sweep, r *launch.Resumed) error {
	out := c.OutOrStdout()
	if o.asJSON {
		return printJSON(out, struct {
			Folder  string `json:"folder"`
			Total   int    `json:"total"` // cells
			Missing int    `json:"missing"`
			Packs   int    `json:"packs"` // submitted
			launch.Handed
		}{s.Folder, r.Status.Total, r.Status.Missing, len(r.Packs), r.Handed})
	}
	if r.On == "kubernetes" && r.Text != "" {
		fmt.Fprintf(c.ErrOrStderr(), "%d packs; the manifest is in %s too\n", len(r.Packs), r.File)
		_, err := fmt.Fprint(out, r.Text)
		return err
	}
	for _, call := range r.Calls {
		if o.dryRun {
			fmt.Fprintf(out, "would call %s\n", call)
		}
	}
	for _, b := range r.Jobs {
		if b.Job != "" {
			fmt.Fprintf(out, "job %s has packs %s of %d cells\n", b.Job, b.Packs, b.Pack)
		}
	}
	if len(r.Packs) == 0 {
		fmt.Fprintf(out, "nothing is missing: %s\n", counts(r.Status))
	}
	_, err := fmt.Fprintf(out, "%s listed in %s; `ergon sweep status` says how far they are, `ergon sweep collect` prints the results\n", areCells(r.Status.Total), s.Folder)
	return err
}

// endOfWork turns what was not done into exit codes.
func endOfWork(s *launch.Sweep, w *launch.Worked) error {
	switch {
	case w == nil:
		return nil
	case w.Pending() > 0:
		return exit{exitInterrupted, fmt.Errorf("%d of %d cells are not done; `ergon sweep resume %s` goes on with them", w.Pending(), w.Cells, s.Folder)}
	case w.Failed > 0:
		return fmt.Errorf("%d of %d cells failed; `ergon sweep status %s` says why, `ergon sweep retry` tries them again", w.Failed, w.Cells, s.Folder)
	}
	return nil
}

// areCells counts cells as the subject of a sentence.
func areCells(n int) string {
	if n == 1 {
		return "1 cell is"
	}
	return fmt.Sprintf("%d cells are", n)
}
