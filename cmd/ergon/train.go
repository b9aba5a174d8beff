package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"ergon/configs"
	"ergon/train"
	"ergon/train/rundir"
)

func newTrain() *cobra.Command {
	var asJSON, force, quiet bool
	c := &cobra.Command{
		Use:   "train [CONFIG] [key=value ...]",
		Short: "train a network and account for what it cost",
		Long: `Trains the network that CONFIG describes: the name of a preset (see
` + "`ergon configs`" + `) or a YAML file; without it, the preset mnist. Settings that follow
override it. Results go to the run directory, runs/NAME-HASH unless out.dir says
otherwise: config.yaml, meta.json, metrics.jsonl, summary.json, checkpoints/.

Goals (train.goals), train.stop_at and the best accuracy so far look at the test
set. With data.validation=n they look at the last n training examples instead,
which are then never presented, and the test accuracy at that time is reported
beside: choose on validation, report on test. An evaluation takes the time of a
forward pass over both sets, and is not counted in the account.`,
		Example: `  ergon train
  ergon train mnist seed=1 rule.mask=neurons rule.mask[0].p=0.3
  ergon train my.yaml model.hidden=[200,100] out.dir=runs/deep
  ergon train mnist data.validation=10000 train.stop_at=0.97
  ergon train vanrossum2024 rule.mask=subnet rule.mask[0].k=60 --json`,
		RunE: func(c *cobra.Command, args []string) error {
			source, overrides := splitArguments(args)
			config, err := configs.Load(source, overrides)
			if err != nil {
				return usage(err)
			}
			return runTrain(c, config, trainOptions{asJSON, force, quiet})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the summary as JSON")
	c.Flags().BoolVar(&force, "force", false, "write a run directory that exists anew")
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return c
}

type trainOptions struct{ asJSON, force, quiet bool }

// splitArguments separates the config's name from the overrides.
func splitArguments(args []string) (source string, overrides []string) {
	if len(args) == 0 {
		return "", nil
	}
	_, err := os.Stat(args[0]) // a path may hold an equals sign
	if err == nil || !strings.Contains(args[0], "=") {
		return args[0], args[1:]
	}
	return "", args
}

func runTrain(c *cobra.Command, config *configs.Config, options trainOptions) error {
	// The first signal ends the run after its step; a second one kills the process.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	path, err := config.Dir()
	if err != nil {
		return err
	}
	r, err := train.New(config) // before the directory: a run that cannot start leaves none
	if err != nil {
		return err
	}
	defer r.Close()
	directory, release, err := rundir.Create(path, options.force)
	if err != nil {
		return err
	}
	defer release()
	for _, note := range r.Notes() {
		fmt.Fprintln(c.ErrOrStderr(), "ergon: note:", note)
	}
	hooks := []train.Hook{train.NewRecorder(directory)}
	if !options.quiet {
		hooks = append(hooks, newProgress(c.ErrOrStderr()))
	}
	summary, err := r.Train(ctx, hooks...)
	if err != nil {
		return err
	}
	if options.asJSON {
		err = printJSON(c.OutOrStdout(), summary)
	} else {
		err = printSummary(c.OutOrStdout(), summary, path)
	}
	return errors.Join(err, statusError(summary, path))
}

// statusError returns the exit code of a run that diverged or was interrupted, as an
// error; nil for the others.
func statusError(s *rundir.Summary, path string) error {
	switch s.Status {
	case rundir.StatusDiverged:
		return exit{exitDiverged, s.Diverged}
	case rundir.StatusInterrupted:
		return exit{exitInterrupted, fmt.Errorf("interrupted after step %d; summary and weights are in %s. A run cannot be resumed yet: --force starts it anew", s.Steps, path)}
	}
	return nil
}

// printSummary prints the result of a run.
func printSummary(w io.Writer, s *rundir.Summary, path string) error {
	e := s.Energy
	fmt.Fprintf(w, "%s: %s after %d steps, %d presentations (%.2f epochs), %.1f s\n",
		s.Name, strings.ReplaceAll(string(s.Status), "_", " "), s.Steps, s.Samples, s.Epochs, s.Wall)
	printAccuracies(w, s)
	fmt.Fprintf(w, "synapses        %d\n", s.Parameters)
	fmt.Fprintf(w, "changes M0      %s, %s times the least that leads to these weights\n", count(e.M0), ratio(e.M0Inefficiency))
	fmt.Fprintf(w, "amount M1       %.4g, %s times the least\n", e.M1, ratio(e.M1Inefficiency))
	if cache := e.Cache; cache != nil && cache.M1Paid != nil {
		fmt.Fprintf(w, "paid            %.4g, %s times the least: %.4g consolidated, %s transient, %s for keeping it\n",
			*cache.M1Paid, ratio(cache.Inefficiency), cache.M1Consolidated, ratio(cache.ResidualM1), ratio(cache.TransientCost))
	}
	if s.Samples > 0 {
		fmt.Fprintf(w, "active units    %.1f hidden, per presentation\n", float64(e.ActiveUnits)/float64(s.Samples))
	}
	printJoules(w, e.JoulesModel)
	printMeasured(w, e.JoulesMeasured)
	if len(s.Crossings) > 0 {
		fmt.Fprintln(w)
		if err := table(w, crossingRows(s)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nresults are in %s\n", path)
	return err
}
