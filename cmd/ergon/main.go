// Command ergon trains networks under energy-constrained learning rules and
// says what the learning cost.
//
// Conventions of its output: results go to standard output, progress and
// messages to standard error; messages are lower case, say what, where and
// what to do about it; nothing moves unless standard error is a terminal.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/train"

	_ "go4.org/unsafe/assume-no-moving-gc" // without this version Gorgonia panics at start on current Go
)

// Exit codes. Programs depend on them.
const (
	exitError       = 1
	exitUsage       = 2  // bad usage or config
	exitDiverged    = 3  // NaN or Inf
	exitInterrupted = 75 // stopped by a signal, with what there was saved
)

// exit is an error with an exit code of its own.
type exit struct {
	code int
	err  error
}

func (e exit) Error() string { return e.err.Error() }
func (e exit) Unwrap() error { return e.err }

// usage marks an error as the user's: bad usage or config.
func usage(err error) error {
	if err == nil {
		return nil
	}
	return exit{exitUsage, err}
}

func main() { os.Exit(run()) }

func run() int {
	root := newRoot()
	err := root.Execute()
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "ergon:", err)
	return codeOf(err)
}

// codeOf returns the exit code of an error. Problems of settings are usage
// errors wherever they come to light.
func codeOf(err error) int {
	var own exit
	var one *schema.Error
	var many schema.Errors
	switch {
	case errors.As(err, &own):
		return own.code
	case errors.As(err, &many), errors.As(err, &one), schema.IsField(err):
		return exitUsage
	}
	return exitError
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "ergon",
		Short: "train networks under energy-constrained learning rules, and account for every synapse",
		Long: `Ergon trains MNIST-scale networks under energy-constrained learning rules,

    ΔJ = clip(-η M ⊙ ∂L/∂J),

and says what the learning cost: which synapses changed, by how much, and how
active the units were, every step.`,
		Example: `  ergon train                                    the preset mnist
  ergon train vanrossum2024 rule.mask=subnet rule.mask[0].k=60
  ergon show runs/mnist-…
  ergon configs mnist > my.yaml                  a config to start from`,
		Args:              unknownVerb,
		PersistentPreRunE: func(*cobra.Command, []string) error { return usage(simd.CheckLimit()) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
		Version:           train.Version(),
		SilenceUsage:      true,
		SilenceErrors:     true,
	}
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newTrain(), newBench(), newSweep(), newShow(), newConfigs(), newRules(), newPrices(), newData(), newTheory(), newSpeed(), newDoctor())
	explainExits(root)
	return root
}

// explainExits ends the help of every command with the exit codes.
func explainExits(c *cobra.Command) {
	if c.Long == "" {
		c.Long = c.Short
	}
	c.Long += "\n\nExit codes: 0 done, 1 error, 2 bad usage or config, 3 diverged, 75 stopped by a signal."
	for _, child := range c.Commands() {
		explainExits(child)
	}
}

// unknownVerb refuses what is not a verb of c, and names the nearest.
func unknownVerb(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var verbs []string
	for _, child := range c.Commands() {
		verbs = append(verbs, child.Name())
	}
	hint := schema.DidYouMean(args[0], verbs)
	if hint == "" {
		hint = "see `" + c.CommandPath() + " --help`"
	}
	return usage(fmt.Errorf("unknown command %q; %s", args[0], hint))
}

// listOnly refuses flags, but for those named, where a command without arguments only
// lists: they would do nothing.
func listOnly(c *cobra.Command, but ...string) (err error) {
	c.Flags().Visit(func(f *pflag.Flag) {
		if !slices.Contains(but, f.Name) && err == nil {
			err = usage(fmt.Errorf("--%s does nothing without a name; see `%s --help`", f.Name, c.CommandPath()))
		}
	})
	return err
}

// arguments is a cobra argument check whose errors are usage errors.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usage(fmt.Errorf("%w; see `%s --help`", err, c.CommandPath()))
		}
		return nil
	}
}
