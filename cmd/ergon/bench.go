package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"ergon/sweep"
)

type benchOptions struct {
	quick, tune, asJSON, force, quiet bool
	jobs                              int
	out, price, limit                 string
}

func newBench() *cobra.Command {
	var o benchOptions
	c := &cobra.Command{
		Use:   "bench [CONFIG] [key=value ...]",
		Short: "compare learning rules at matched accuracy: presentations, M0, M1",
		Long: `Trains the rules that CONFIG names, each with several seeds, and compares what it
took them to reach the same accuracy: how many presentations, how many synapses
changed (M0), by how much (M1), and how many times less than the baseline.

CONFIG is a benchmark's name, a YAML file or -, standard input; without it, the
benchmarks are listed. Settings that follow hold for all rules that do not set them
themselves.

Goals and --tune look at the test set. To choose on other images than those that
judge, set data.validation=n, in the file or on the command line: goals and rungs
are then accuracies on the last n training examples, which are not presented, and
the tables have the test accuracy at that time in a column of its own. With
train.crossing=sustained the mean of several evaluations has to reach a goal: the
tables then have lines of the first crossings, too, where those differ.

Costs are means over the seeds that reached the goal. A saving is the geometric
mean of cost(baseline)/cost(rule) over the seeds on which both did: runs of one
seed share initial weights and order, and are compared with each other. In
brackets are 95 % intervals by Student's t on a logarithmic scale; a saving is
real where its interval does not hold 1. One seed has no interval. No benchmark
sees below its evaluation interval (train.eval_every).

Results go to runs/bench-NAME (with --quick and --tune to runs/bench-NAME-quick
and -tune): bench.md, bench.json, bench.csv, figures/, and in cells/ a run
directory for each run, to look at with ` + "`ergon show`" + `. Called again, it runs only
what is missing; seeds, rules and grid values may be added.

Where a rule changes numbers beside the weights (accumulators, a batch's gradient), the
tables count these updates too, and mark W the rules that no other beats both in
writes, M0, and in updates of accumulators; frontier.csv and a figure have them all.

If data or price tables that a finished run names by path have changed since, by
content, it stops and says so; --force runs all anew. A run whose files are damaged
is made anew, with a note. A folder with the results of another benchmark is
refused, unless --force is given, and one that is no benchmark's always is.

A benchmark is a file such as

    # what half of the synapses save
    base: mnist                      # a preset, or a file beside this one
    set: {rule.clip: none}           # settings for all, as overrides of ergon train
    rules:
      - {label: full, set: {rule.mask: full}}
      - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}
    grid: {lr: [0.1, 0.03]}          # each rule with each value
    seeds: 5                         # 0 to 4, or a list
    goals: [0.9, 0.95]               # accuracies to reach
    budget: 240000                   # presentations after which a run ends, to the last one
    baseline: full                   # what savings are relative to
    quick: {seeds: 1, goals: [0.8], budget: 20000}
    launch: {cell_s: 40, slurm: {partition: cpu}}    # how ergon sweep has it run elsewhere

With tune: {search: {lr: [0.01, 0.1]}, rungs: [0.9, 0.95], price: m0} and --tune it
searches settings for the least m0, m1, presentations or accumulator_updates, and with
limit: {accumulator_updates: 1e9} among those rules only that keep to it.

With free_energy: {smooth: 0.3, slack: 0.01} it also tells the temperature at which
learning minimises F = U - T·S at each learning rate, of what runs measure with
free_energy.window=n: in bench.md, bench.json, free-energy.csv and figures. It takes
three values or more of lr under grid, and then needs no goals; unless stop: true is
given, runs do not end at a goal.

With likelihood: {goals: [-170, -160]} in place of goals it compares Boltzmann machines:
their log-likelihood in nats per example, M0, M1, activity and the work on their chains,
at the end of the runs and where a goal was crossed; in bench.md, bench.json,
likelihood.csv and figures. Runs do not end at a goal, and {} has none.`,
		Example: `  ergon bench
  ergon bench rules --quick
  ergon bench rules model.hidden=[50] --out runs/narrow
  ergon bench my.yaml --json
  ergon bench frontier                                 writes against accumulators
  ergon bench frugal-m0 --tune                         a rule that costs less
  ergon bench frugal-m0 --tune data.validation=10000   chosen on images held out
  ergon bench writes --tune --limit '{accumulator_updates: 1e8}' --out runs/1e8`,
		RunE: func(c *cobra.Command, args []string) error {
			source, named, overrides := splitArguments(args)
			if named {
				return runBench(c, source, overrides, o)
			}
			if len(overrides) > 0 {
				return usage(errors.New("settings without a benchmark: name one before them (see `ergon bench`)"))
			}
			if err := listOnly(c, "json"); err != nil {
				return err
			}
			return listBenches(c, o.asJSON)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.quick, "quick", false, "a small version that shows how it works")
	f.BoolVar(&o.tune, "tune", false, "search a rule as the tune section says; compare it with the baseline")
	f.StringVar(&o.price, "price", "", "of a search, in place of tune.price")
	f.StringVar(&o.limit, "limit", "", "of a search, in place of tune.limit; none: no limit")
	f.BoolVar(&o.asJSON, "json", false, "print bench.json instead of the tables")
	f.BoolVar(&o.force, "force", false, "run anew what is finished, and replace results of another benchmark")
	intVar(f, &o.jobs, "jobs", 0, "runs at the same time; 0: one for each core, or 64 on a GPU")
	pathVar(f, &o.out, "out", "folder of the results; without it, runs/bench-NAME")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "no progress")
	within(f, "jobs", "at least 1, or 0 for one run on each core", atLeast(0))
	return explainSignals(c, `what is finished is on disk, runs that were going on say how far they came, and the
same call goes on from there. A second INT or TERM kills it at once. Progress that
cannot be written is left out.`)
}

func listBenches(c *cobra.Command, asJSON bool) error {
	benches, err := sweep.List()
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(c.OutOrStdout(), benches)
	}
	rows := make([][]string, 0, len(benches))
	for _, b := range benches {
		rows = append(rows, []string{b.Name, b.Summary, b.Runtime})
	}
	return table(c.OutOrStdout(), rows)
}

func runBench(c *cobra.Command, source string, overrides []string, o benchOptions) error {
	ctx, release := endOnSignal()
	defer release()
	bench, settings, err := planBench(source, overrides, o.quick)
	if err != nil {
		return usage(err)
	}
	if o.out == "" {
		o.out = bench.Folder()
		if o.quick {
			o.out += "-quick" // these are not the benchmark's results
		}
		if o.tune {
			o.out += "-tune" // nor is this verdict
		}
	}
	if !o.tune && o.price+o.limit != "" {
		return usage(errors.New("--price and --limit are of a search: add --tune"))
	}
	if o.tune {
		return runTune(ctx, c, bench, settings, o)
	}
	cells, err := bench.Cells(settings)
	if err != nil {
		return usage(err)
	}
	asked, err := bench.Asked(settings, false)
	if err != nil {
		return usage(err)
	}
	leave, err := sweep.Hold(o.out)
	if err != nil {
		return err
	}
	defer leave()
	return runCells(ctx, c, bench, cells, asked, o)
}

// runCells runs a benchmark's cells in its folder, which is held, and reports.
func runCells(ctx context.Context, c *cobra.Command, bench *sweep.Bench, cells []sweep.Cell, asked *sweep.Asked, o benchOptions) error {
	messages := &lossy{out: c.ErrOrStderr()}
	observe, finish := newBenchProgress(messages, bench.Name)
	if o.quiet {
		observe = nil
	}
	outcomes, err := sweep.Run(ctx, cells, sweep.Options{Out: o.out, Held: true, Jobs: o.jobs, Force: o.force, Asked: asked, Note: noteTo(messages), Observe: observe})
	finish()
	if err != nil {
		return err
	}
	report := bench.NewReport(outcomes)
	report.Asked = asked
	written := report.Write(o.out)
	if o.asJSON {
		err = report.WriteJSON(c.OutOrStdout())
	} else {
		err = printBench(c.OutOrStdout(), report, messages.Lost(), o.out)
	}
	return errors.Join(benchError(outcomes, o), written, unprinted(err, o.out))
}

// printBench prints a report, and what could not be said before.
func printBench(w io.Writer, report *sweep.Report, lost error, out string) error {
	if err := report.WriteMarkdown(w); err != nil {
		return err
	}
	if lost != nil {
		fmt.Fprintf(w, "\nprogress could not be written and was not shown: %v\n", lost)
	}
	_, err := fmt.Fprintf(w, "\nresults are in %s\n", out)
	return err
}

// noteTo returns what passes on remarks about cells and data, also where all else is to
// be quiet.
func noteTo(w io.Writer) func(string) {
	return func(text string) { fmt.Fprintf(w, "note: %s\n", text) }
}

// planBench reads a benchmark and the settings of the command line.
func planBench(source string, overrides []string, quick bool) (*sweep.Bench, []sweep.Setting, error) {
	bench, err := sweep.Load(source, quick)
	if err != nil {
		return nil, nil, err
	}
	settings, err := sweep.Overrides(overrides)
	return bench, settings, err
}

// benchError turns what was not finished into exit codes. That a run diverged
// is a result.
func benchError(outcomes []sweep.Outcome, o benchOptions) error {
	failed, pending := 0, 0
	for i := range outcomes {
		switch ended := &outcomes[i]; {
		case ended.Err != nil:
			failed++
		case !ended.Finished():
			pending++
		}
	}
	switch {
	case pending > 0:
		return exit{exitInterrupted, fmt.Errorf("interrupted with %d of %d runs to go; %s", pending, len(outcomes), o.resume())}
	case failed > 0:
		return fmt.Errorf("%d of %d runs failed; the same call tries them again", failed, len(outcomes))
	}
	return nil
}

// resume says how to go on after an interrupt. With --force the same call would
// begin anew.
func (o *benchOptions) resume() string {
	if o.force {
		return fmt.Sprintf("what is finished is in %s, and the same call without --force runs only what is missing", o.out)
	}
	return fmt.Sprintf("what is finished is in %s, and the same call goes on from there", o.out)
}
