package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ergon/theory"
	"ergon/theory/documents"

	// The theories there are: each registers itself.
	_ "ergon/theory/bounds"
	_ "ergon/theory/concentration"
	_ "ergon/theory/control"
	_ "ergon/theory/freeenergy"
	_ "ergon/theory/hebb"
	_ "ergon/theory/idealgas"
	_ "ergon/theory/ladder"
	_ "ergon/theory/langevin"
	_ "ergon/theory/mixture"
	_ "ergon/theory/online"
	_ "ergon/theory/optimum"
	_ "ergon/theory/pathintegral"
	_ "ergon/theory/protocol"
	_ "ergon/theory/ramp"
	_ "ergon/theory/randommasks"
	_ "ergon/theory/rbmmodes"
	_ "ergon/theory/ridge"
	_ "ergon/theory/selection"
	_ "ergon/theory/sphere"
	_ "ergon/theory/table1"
	_ "ergon/theory/twolayer"
	_ "ergon/theory/vonmisesfisher"
)

type theoryOptions struct {
	asJSON   bool
	plot     string
	simulate int
}

func newTheory() *cobra.Command {
	var o theoryOptions
	c := &cobra.Command{
		Use:   "theory [NAME] [key=value ...]",
		Short: "list what theory predicts, or compute predictions",
		Long: `Computes what theory says that runs should show: thermodynamic bounds, free
energies, learning curves. Prints CSV with single numbers before it as lines that
begin with #, or JSON. Without a name, lists the theories; ` + "`ergon theory NAME --help`" + `
lists the settings of one. A run directory may stand for run=DIR where a theory
has that setting.

NAME may also be a theory document, which lists several: one that comes with the
program, a YAML file or -, standard input. Settings that follow hold for all theories
in it that have them. A document is a file such as

    # a bath at two rates, and a collapse
    compute:
      - {theory: sphere, set: {eta: 0.002}}
      - {theory: sphere, set: {eta: 0.07, simulate: 32}}
      - {theory: sphere, set: {kind: op}}

Its predictions are printed one after the other, each below a line with the call that
computes it alone; --json prints a list. With --plot DIR/ each that has a figure draws
it into that folder, which is made if it is not there.

With --simulate the same thing is simulated so many times, each with its own
random numbers, and stands beside the prediction: mean, standard error, and z, by
how many standard errors the mean lies above the prediction.`,
		Example: `  ergon theory
  ergon theory bounds n=79510 d=60000
  ergon theory ladder runs/mnist-… --plot ladder.pdf
  ergon theory concentration runs/vanrossum2024-… goal=0.95
  ergon theory concentration RUN 'select=["gate=lazy; mask={kind: competitive}"]'
  ergon theory concentration RUN bench=runs/bench-vanrossum2024-rules goal=0.95
  ergon theory ridge p=0.5 eta=0.1 --simulate 16 --plot ridge.png
  ergon theory papers/freeenergy2025-sphere
  ergon theory papers/idealgas2025 --json --plot gas/
  ergon theory my.yaml seed=1
  ergon theory bounds --help`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				if err := listOnly(c, "json"); err != nil {
					return err
				}
				return listTheories(c.OutOrStdout(), o.asJSON)
			}
			if documents.Named(args[0]) {
				return predictDocument(c, args[0], args[1:], o)
			}
			settings, err := o.simulated(args[0], args[1:], c.Flags().Changed("simulate"))
			if err != nil {
				return usage(err)
			}
			return predict(c, args[0], settings, o)
		},
	}
	c.Flags().BoolVar(&o.asJSON, "json", false, "print as JSON")
	intVar(c.Flags(), &o.simulate, "simulate", 0, "also simulate, so many times (the setting simulate); 0: do not")
	pathVar(c.Flags(), &o.plot, "plot", "also draw the figure to this .pdf, .png or .svg; documents: a folder")
	within(c.Flags(), "simulate", "at least 0", atLeast(0))
	explainSignals(c, "nothing is predicted. A second INT or TERM kills it at once.")
	whole := c.HelpFunc()
	c.SetHelpFunc(func(c *cobra.Command, args []string) {
		whole(c, args)
		explainTheory(c.OutOrStdout(), args)
	})
	return c
}

// simulated returns the settings of the theory called name with those of the
// flag --simulate, if it was given.
func (o *theoryOptions) simulated(name string, settings []string, given bool) ([]string, error) {
	if _, known := theory.Theories.New(name); !given || !known {
		return settings, nil
	}
	if !theory.Has(name, "simulate") {
		return nil, fmt.Errorf("--simulate: theory %s has no simulation", name)
	}
	for _, s := range settings {
		if path, _, _ := strings.Cut(s, "="); strings.EqualFold(strings.TrimSpace(path), "simulate") {
			return nil, fmt.Errorf("--simulate %d and %s: give one of them", o.simulate, s)
		}
	}
	return append(settings, fmt.Sprintf("simulate=%d", o.simulate)), nil
}

// listed is a theory document in a list of theories.
type listed struct {
	Name     string   `json:"name"`
	Summary  string   `json:"summary"`
	Runtime  string   `json:"runtime"`
	Theories []string `json:"theories"` // what it computes, one after the other
}

// listTheories prints what theories and documents there are.
func listTheories(w io.Writer, asJSON bool) error {
	comes, err := documents.List()
	if err != nil {
		return err
	}
	var rows [][]string
	var all []any
	for _, k := range theory.Theories.Kinds() {
		rows, all = append(rows, []string{k.Name, k.Summary, k.Source}), append(all, k)
	}
	for _, d := range comes {
		one := listed{Name: d.Name, Summary: d.Summary, Runtime: d.Runtime}
		for _, computation := range d.Computations {
			one.Theories = append(one.Theories, computation.Name)
		}
		rows, all = append(rows, []string{d.Name, d.Summary, d.Runtime}), append(all, one)
	}
	if asJSON {
		return printJSON(w, all)
	}
	return table(w, rows)
}

// predict computes one prediction and prints it.
func predict(c *cobra.Command, name string, settings []string, o theoryOptions) error {
	ctx, release := endOnSignal()
	defer release()
	if len(settings) > 0 && theory.Has(name, "run") {
		source, named, rest := splitArguments(settings)
		if named {
			settings = append([]string{"run=" + strconv.Quote(source)}, rest...)
		}
	}
	t, err := theory.New(name, settings)
	if err != nil {
		return usage(err)
	}
	if o.plot != "" {
		if err := theory.Drawable(t, o.plot); err != nil {
			return usage(err)
		}
	}
	watched, finish := showProgress(ctx, &lossy{out: c.ErrOrStderr()}, name)
	result, err := theory.Predict(watched, t)
	finish()
	switch {
	case ctx.Err() != nil: // what it has may be half of it
		return exit{exitInterrupted, fmt.Errorf("interrupted (stopped by %w); nothing was predicted", context.Cause(ctx))}
	case err != nil:
		return err
	}
	err = o.print(c.OutOrStdout(), result)
	if o.plot != "" { // one of the two may have a full disk
		err = errors.Join(err, theory.Draw(t, result, o.plot))
	}
	return unread(err)
}

// print prints a result as the flags say.
func (o *theoryOptions) print(w io.Writer, result *theory.Result) error {
	if o.asJSON {
		return printJSON(w, result)
	}
	return result.WriteCSV(w)
}

// explainTheory prints the settings of the theory that the program's arguments
// name, if they name one.
func explainTheory(w io.Writer, args []string) {
	args = args[slices.Index(args, "theory")+1:]
	for _, kind := range theory.Theories.Kinds() {
		if !slices.Contains(args, kind.Name) {
			continue
		}
		fmt.Fprintf(w, "\n%s: %s (%s)\n", kind.Name, kind.Summary, kind.Source)
		var rows [][]string
		for _, f := range kind.Fields {
			rows = append(rows, []string{"  " + f.Key + "=" + f.Default, f.Doc, strings.TrimSpace(f.Type + " " + f.Allowed)})
		}
		fmt.Fprint(w, "Settings, with their defaults:\n")
		_ = table(w, rows)
	}
}
