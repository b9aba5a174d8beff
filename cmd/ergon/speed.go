package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// speedOptions are the flags of `ergon speed`.
type speedOptions struct {
	batch, networks     int
	hidden              []int
	model, rule, device string
	p, seconds          float64
	settings            []string
	asJSON, suite       bool
}

func newSpeed() *cobra.Command {
	var o speedOptions
	c := &cobra.Command{
		Use:   "speed",
		Short: "time a training step, mask, clip and count included",
		Long: `Times whole training steps of a 784-HIDDEN-10 ReLU network, or of a small
convolutional one, with softmax cross-entropy on MNIST: gather, forward,
backward, mask, clip at 0.01, apply, count. Prints the median and the least time.

A GPU makes hundreds of steps at a time; what is printed are their means, with what
the host does for them. --networks trains several side by side, each with a seed of
its own.

--set changes any setting of the config. What is printed is what was timed: batch,
network and masks of the resolved config. A setting that a flag has given too is
refused.`,
		Example: `  ergon speed
  ergon speed --batch 128 --hidden 512 --rule neurons --p 0.1 --json
  ergon speed --batch 1 --set engine.blas=gonum
  ergon speed --set 'rule.mask={kind: subnet, k: [60]}'
  ergon speed --model convnet --set 'model.channels=[16, 32]'
  ergon speed --suite --seconds 1
  ergon speed --device gpu --networks 64`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(c.Flags().Changed); err != nil {
				return usage(err)
			}
			return o.run(c)
		},
	}
	f := c.Flags()
	intVar(f, &o.batch, "batch", 128, "presentations per step")
	f.StringVar(&o.model, "model", "mlp", "mlp, of --hidden units, or convnet")
	intsVar(f, &o.hidden, "hidden", []int{512}, "units of each hidden layer")
	f.StringVar(&o.rule, "rule", "dense", "dense, bernoulli, neurons, subnet or competitive")
	floatVar(f, &o.p, "p", 1, "share of synapses or units that --rule keeps")
	f.StringVar(&o.device, "device", "cpu", "engine.device: cpu, gpu, auto or reference")
	intVar(f, &o.networks, "networks", 1, "networks trained side by side, on a GPU")
	f.BoolVar(&o.suite, "suite", false, "time a table of batches, widths and rules beside the machine's floor")
	floatVar(f, &o.seconds, "seconds", 2, "how long to measure; 0: five times only")
	f.StringArrayVar(&o.settings, "set", nil, "an override of the config, key=value")
	f.BoolVar(&o.asJSON, "json", false, "print the result as one line of JSON")
	within(f, "batch", "1 to 1000000", between(1, 1e6))
	within(f, "hidden", "numbers from 1 to 1000000", between(1, 1e6))
	within(f, "p", "a share in (0,1]", func(p float64) bool { return p > 0 && p <= 1 })
	within(f, "networks", "at least 1", atLeast(1))
	within(f, "seconds", "0 to 1000000", between(0, 1e6))
	return explainSignals(c, "what was timed until then is printed.")
}

// run times what the flags say and prints it.
func (o *speedOptions) run(c *cobra.Command) error {
	ctx, release := endOnSignal()
	defer release()
	if o.suite {
		s, err := o.measureSuite(ctx, &lossy{out: c.ErrOrStderr()})
		return o.result(c.OutOrStdout(), s, s != nil, err)
	}
	t, err := o.measure(ctx)
	return o.result(c.OutOrStdout(), t, t != nil, err)
}

// timed is what can be printed: one timing or a suite of them.
type timed interface {
	print(w io.Writer) error
	printJSON(w io.Writer) error
}

// result prints what was timed, if anything was, and returns why it is not all.
func (o *speedOptions) result(w io.Writer, result timed, any bool, err error) error {
	if !any {
		return err
	}
	printed := result.print
	if o.asJSON {
		printed = result.printJSON
	}
	if failed := printed(w); failed != nil && err == nil {
		return fmt.Errorf("the times could not be printed: %w", unread(failed))
	}
	return err
}
