package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"ergon/configs"
	"ergon/datasets"
	"ergon/train"
	"ergon/train/rundir"
)

func newTrain() *cobra.Command {
	var asJSON, force, quiet bool
	c := &cobra.Command{
		Use:   "train [CONFIG] [key=value ...]",
		Short: "train a network and account for what it cost",
		Long: `Trains the network that CONFIG describes: the name of a preset (see
` + "`ergon configs`" + `), a YAML file, a run directory, which stands for the config in it,
or -, standard input; without CONFIG, the preset mnist. A file of a preset's name is
./NAME. Settings that follow override it, in their order:

    seed=3  data.dir=~/digits     a number, a text: as it stands, also with #
    rule.clip='{bound: 0.1}'      a mapping changes what it names ({} is refused)
    rule.clip='{kind: norm}'      one that names a kind is that kind with its defaults
    rule.clip=norm                the same
    model.hidden=[200,100]        a list replaces a list
    out.dir='"a text in quotes"'  quotes, brackets and braces are YAML

In zsh, quote settings with brackets. A number has no leading zero (0o10 is octal),
~/ is the home directory, and variables ($X) are not expanded.

A file may begin from another config and say only what differs: base: vanrossum2024,
or base: other.yaml, a file beside it.

Results go to the run directory, runs/NAME-HASH unless out.dir says
otherwise: config.yaml, meta.json, metrics.jsonl, summary.json, checkpoints/. Called
again, a run that was stopped or killed goes on where it was last saved
(checkpoint.every_s), to the same bits; one that is finished prints its summary.

Goals (train.goals), train.stop_at and the best accuracy so far look at the test
set. With data.validation=n they look at the last n training examples instead,
which are then never presented, and the test accuracy at that time is reported
beside: choose on validation, report on test. An evaluation takes the time of a
forward pass over both sets, and is not counted in the account.

One evaluation at or above a goal reaches it, and may be a lucky one. With
train.crossing=sustained the mean of the last train.sustain evaluations (5) has to be
there; the summary has the first crossings beside.`,
		Example: `  ergon train
  ergon train mnist seed=1 rule.mask=neurons rule.mask[0].p=0.3
  ergon train my.yaml model.hidden=[200,100] out.dir=runs/deep
  ergon train mnist data.validation=10000 train.stop_at=0.97
  ergon train mnist train.crossing=sustained train.stop_at=0.97 train.eval_every=100
  ergon train runs/deep seed=1 out.dir=runs/again      a run's config once more
  ergon train vanrossum2024 rule.mask=subnet rule.mask[0].k=60 --json`,
		RunE: func(c *cobra.Command, args []string) error {
			config, err := loadConfig(args)
			if err != nil {
				return err
			}
			if err := goOnInPlace(config, args); err != nil {
				return err
			}
			return runTrain(c, config, trainOptions{asJSON, force, quiet})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON")
	c.Flags().BoolVar(&force, "force", false, "begin anew where a run was begun or is finished")
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return explainSignals(c, `the step is completed, its state is
saved, summary and weights are written; an evaluation that it is at is left. The same
call goes on from there. A second INT or TERM kills it at once. Under nohup HUP is
ignored. Progress that cannot be written, because a pipe is closed or a disk is full,
is left out, and log.jsonl says so.`)
}

// goOnInPlace makes a run directory that is named as the config the one that the run goes on in,
// wherever it was when it began, unless settings make it another run or give another out.dir.
func goOnInPlace(config *configs.Config, args []string) error {
	if len(args) == 0 || rundir.Peek(args[0]) == rundir.Nothing {
		return nil
	}
	was, err := loadConfig(args[:1])
	if err != nil {
		return err
	}
	keys, err := configs.Differences(config, was)
	if err == nil && len(keys) == 0 && config.Out == was.Out {
		config.Out.Dir = args[0]
	}
	return err
}

type trainOptions struct {
	asJSON, force, quiet bool
}

func runTrain(c *cobra.Command, config *configs.Config, options trainOptions) (err error) {
	ctx, release := endOnSignal()
	defer release()
	path, err := config.Dir()
	if err != nil {
		return err
	}
	messages := &lossy{out: c.ErrOrStderr()}
	if rundir.Peek(path) == rundir.Finished && !options.force {
		return showFinished(c, config, rundir.Directory(path), messages, options.asJSON)
	}
	go train.Executable()         // for meta.json, while the data are read
	r, err := newRun(ctx, config) // before the directory: a run that cannot start leaves none
	if err != nil {
		return err
	}
	defer r.Close()
	directory, err := rundir.Open(path, options.force)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, directory.Close()) }()
	if directory.Found == rundir.Finished { // meanwhile, by another process
		return showFinished(c, config, directory.Directory, messages, options.asJSON)
	}
	if directory.Found == rundir.Unfinished {
		if err := goOn(r, directory, messages); err != nil {
			return err
		}
	}
	recorder := train.NewRecorder(directory)
	recorder.Unsaid = messages.Lost
	hooks := []train.Hook{recorder}
	sayData(messages, r, options.quiet)
	if !options.quiet {
		hooks = append(hooks, newProgress(messages))
	}
	summary, err := r.Train(ctx, hooks...)
	if err != nil {
		return err
	}
	return showSummary(c, summary, path, options.asJSON)
}

// newRun is train.New, which may read data for seconds. A signal that comes meanwhile ends the
// program at once: nothing was begun that could be lost.
func newRun(ctx context.Context, config *configs.Config) (*train.Run, error) {
	type result struct {
		run *train.Run
		err error
	}
	made := make(chan result, 1)
	go func() {
		r, err := train.New(config)
		made <- result{r, err}
	}()
	select {
	case m := <-made:
		return m.run, m.err
	case <-ctx.Done():
		return nil, exit{exitInterrupted, fmt.Errorf("stopped by %w before anything was begun", context.Cause(ctx))}
	}
}

// goOn makes a run go on where that in the directory was saved, or begin anew if it was not.
func goOn(r *train.Run, d *rundir.Writer, messages io.Writer) error {
	from, notes, err := r.Continue(d)
	for _, note := range notes {
		fmt.Fprintf(messages, "%s: %s\n", d.Directory, note)
	}
	if err != nil {
		return err
	}
	if from >= 0 {
		fmt.Fprintf(messages, "%s: goes on after step %d\n", d.Directory, from)
		return nil
	}
	fmt.Fprintf(messages, "%s: was begun, and stopped before anything was saved: begins anew\n", d.Directory)
	return d.Clear()
}

// showFinished prints the summary of a run that is there, if it is the one asked for.
func showFinished(c *cobra.Command, config *configs.Config, d rundir.Directory, messages io.Writer, asJSON bool) error {
	was, err := configs.Load(d.Path(rundir.ConfigFile), nil)
	if err != nil {
		return fmt.Errorf("%s is finished, and its config cannot be read: %w; choose another out.dir, or write it anew with --force", d, err)
	}
	if err := train.Differ(d, config, was); err != nil {
		return err
	}
	summary, err := d.Summary()
	if err != nil {
		return err
	}
	fmt.Fprintf(messages, "%s: is finished; --force trains it anew\n", d)
	return showSummary(c, summary, string(d), asJSON)
}

// showSummary prints the result of a run, and is its exit code as an error.
func showSummary(c *cobra.Command, summary *rundir.Summary, path string, asJSON bool) (err error) {
	if asJSON {
		err = printJSON(c.OutOrStdout(), summary)
	} else {
		err = printSummary(c.OutOrStdout(), summary, path)
	}
	return errors.Join(statusError(summary, path), unprinted(err, path))
}

// sayData says what was read, and what is odd about it even if all is to be quiet.
func sayData(w io.Writer, r *train.Run, quiet bool) {
	name := datasets.Kinds.Name(r.Config.Data)
	if !quiet {
		fmt.Fprintf(w, "%s: %s\n", name, r.Data)
	}
	for _, note := range r.Notes() {
		fmt.Fprintf(w, "%s: %s\n", name, note)
	}
}

// statusError returns the exit code of a run that diverged or was interrupted, as an
// error; nil for the others.
func statusError(s *rundir.Summary, path string) error {
	switch s.Status {
	case rundir.StatusDiverged:
		return exit{exitDiverged, s.Diverged}
	case rundir.StatusInterrupted:
		by := ""
		if s.InterruptedBy != "" {
			by = " (stopped by " + s.InterruptedBy + ")"
		}
		return exit{exitInterrupted, fmt.Errorf("interrupted after step %d; the same call goes on from there; summary and weights until now are in %s%s", s.Steps, path, by)}
	}
	return nil
}

// printSummary prints the result of a run.
func printSummary(w io.Writer, s *rundir.Summary, path string) error {
	e := s.Energy
	fmt.Fprintf(w, "%s: %s after %d steps, %d presentations (%.2f epochs), %.1f s\n",
		s.Name, strings.ReplaceAll(string(s.Status), "_", " "), s.Steps, s.Samples, s.Epochs, s.Wall)
	if s.Likelihood != nil || s.NoLikelihood != "" {
		printLikelihood(w, s)
	} else {
		printAccuracies(w, s)
	}
	fmt.Fprintf(w, "synapses        %d\n", s.Parameters)
	fmt.Fprintf(w, "changes M0      %s, %s times the least that leads to these weights\n", count(e.M0), ratio(e.M0Inefficiency))
	fmt.Fprintf(w, "amount M1       %.4g, %s times the least\n", e.M1, ratio(e.M1Inefficiency))
	printAccumulated(w, e.Accumulate, e.Cache != nil)
	if r := s.Reserve; r != nil {
		fmt.Fprintf(w, "reserve         %.4g, %.4g earned, %.4g spent, %.4g left; %s updates refused\n", r.Initial, r.Income, r.Spent, r.Left, count(r.Refused))
	}
	if s.LearningRate != nil && *s.LearningRate == 0 {
		fmt.Fprintln(w, "learning rate   0: the loss is at or below rule.optimizer.schedule.floor; a lower floor lets it learn on")
	}
	if cache := e.Cache; cache != nil && cache.M1Paid != nil {
		fmt.Fprintf(w, "paid            %.4g, %s times the least: %.4g consolidated, %s transient, %s for keeping it\n",
			*cache.M1Paid, ratio(cache.Inefficiency), cache.M1Consolidated, ratio(cache.ResidualM1), ratio(cache.TransientCost))
	}
	if s.Samples > 0 {
		fmt.Fprintf(w, "active units    %.1f hidden, per presentation\n", float64(e.ActiveUnits)/float64(s.Samples))
	}
	printJoules(w, e.JoulesModel)
	printMeasured(w, e.JoulesMeasured)
	if rows := crossingRows(s); len(rows) > 1 {
		fmt.Fprintf(w, "\n%s\n", goalWords(s))
		if err := table(w, rows); err != nil {
			return err
		}
	}
	if len(s.LikelihoodCrossings) > 0 {
		fmt.Fprintln(w)
		if err := table(w, likelihoodRows(s)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nresults are in %s\n", path)
	return err
}
