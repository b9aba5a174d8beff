package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ergon/configs"
	"ergon/graph"
	"ergon/internal/host"
	"ergon/internal/simd"
	"ergon/train"
)

// timing is the result of `ergon speed`: times of one whole training step, from
// gathering the batch to recording it in the ledger.
type timing struct {
	Device   string  `json:"device"`
	Networks int     `json:"networks"` // side by side; times are of a step of all of them
	Batch    int     `json:"batch"`
	Model    string  `json:"model"`
	Hidden   []int   `json:"hidden"` // units of each hidden layer, channels of each convolution
	Rule     string  `json:"rule"`
	P        float64 `json:"p"`
	MedianMS float64 `json:"median_ms"`
	MinMS    float64 `json:"min_ms"`
	FloorMS  float64 `json:"floor_ms,omitempty"` // of the suite: what this machine's peak and bandwidth allow a plain step
	Steps    int     `json:"steps"`              // timed
	Engine   string  `json:"engine"`
	BLAS     string  `json:"blas"`
	Threads  int     `json:"threads"`
	CPU      string  `json:"cpu"`
	SIMD     string  `json:"simd"` // instructions of Ergon's own loops
	layers   []*graph.Layer
}

// speedRules are the masks that can be timed, with p put in for %g.
var speedRules = map[string]string{
	"dense":       "full",
	"bernoulli":   "{kind: bernoulli, p: %g, biases: false}",
	"neurons":     "{kind: neurons, p: %g, side: both}",
	"subnet":      "{kind: subnet, fraction: %g}",
	"competitive": "{kind: competitive, p: %g, biases: false}",
}

// channels is the mask of neurons of a convolutional network.
const channels = "{kind: neurons, p: %g, side: post}"

func newSpeed() *cobra.Command {
	t := timing{}
	var asJSON, wholeSuite bool
	var seconds float64
	var settings []string
	c := &cobra.Command{
		Use:   "speed",
		Short: "time a training step, mask, clip and count included",
		Long: `Times whole training steps of a 784-HIDDEN-10 ReLU network, or of a small
convolutional one, with softmax cross-entropy on MNIST: gather, forward,
backward, mask, clip at 0.01, apply, count. Prints the median and the least time. A GPU is asked for hundreds of
steps at a time and given the means, what the host does for them included; with
--networks, for those of several networks side by side, which have seeds of their own.`,
		Example: `  ergon speed
  ergon speed --batch 128 --hidden 512 --rule neurons --p 0.1 --json
  ergon speed --batch 1 --set engine.blas=gonum
  ergon speed --model convnet --set 'model.channels=[16, 32]'
  ergon speed --suite --seconds 1
  ergon speed --device gpu --networks 64`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if wholeSuite {
				s, err := measureSuite(c.ErrOrStderr(), seconds, settings)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(c.OutOrStdout(), s)
				}
				return s.print(c.OutOrStdout())
			}
			if t.Model != "mlp" && c.Flags().Changed("hidden") {
				return usage(fmt.Errorf("--hidden: the hidden layers of a %s are settings; use --set model.channels and model.hidden", t.Model))
			}
			if err := t.measure(seconds, settings); err != nil {
				return err
			}
			if asJSON {
				return printJSONLine(c.OutOrStdout(), t)
			}
			return t.print(c.OutOrStdout())
		},
	}
	intVar(c.Flags(), &t.Batch, "batch", 128, "presentations per step")
	c.Flags().StringVar(&t.Model, "model", "mlp", "mlp, of --hidden units, or convnet, the kind with its default settings")
	intsVar(c.Flags(), &t.Hidden, "hidden", []int{512}, "units of each hidden layer")
	c.Flags().StringVar(&t.Rule, "rule", "dense", "dense, bernoulli, neurons (of a convnet, channels), subnet (of an mlp) or competitive")
	floatVar(c.Flags(), &t.P, "p", 1, "share of synapses, neurons or hidden units kept")
	c.Flags().StringVar(&t.Device, "device", "cpu", "engine.device: cpu, gpu, auto or reference")
	intVar(c.Flags(), &t.Networks, "networks", 1, "networks trained side by side, on a GPU")
	c.Flags().BoolVar(&wholeSuite, "suite", false, "time a table of batches, widths and rules, beside the floor that this machine's peak and bandwidth set; prints Markdown, or JSON")
	floatVar(c.Flags(), &seconds, "seconds", 2, "how long to measure")
	c.Flags().StringArrayVar(&settings, "set", nil, "an override of the config, key=value")
	c.Flags().BoolVar(&asJSON, "json", false, "print the result as one line of JSON")
	return c
}

// config returns the run that is timed.
func (t *timing) config(settings []string) (*configs.Config, error) {
	mask, ok := speedRules[t.Rule]
	if t.Model == "convnet" && t.Rule == "neurons" {
		mask = channels
	}
	if !ok {
		return nil, fmt.Errorf("--rule: unknown rule %q (rules: %s)", t.Rule, strings.Join(slices.Sorted(maps.Keys(speedRules)), ", "))
	}
	if strings.Contains(mask, "%g") {
		mask = fmt.Sprintf(mask, t.P)
	} else {
		t.P = 1
	}
	model, ok := map[string]string{"mlp": "model.hidden=" + list(t.Hidden), "convnet": "model={kind: convnet}"}[t.Model]
	if !ok {
		return nil, fmt.Errorf("--model: unknown model %q (models: mlp, convnet)", t.Model)
	}
	return configs.Load("mnist", append([]string{
		"rule.mask=" + mask, "rule.clip={kind: value, bound: 0.01}", "rule.optimizer.lr=0.1",
		"engine.device=" + t.Device,
		model, "train.batch=" + strconv.Itoa(t.Batch),
	}, settings...))
}

// list formats numbers as in a config.
func list(numbers []int) string {
	all := make([]string, len(numbers))
	for i, n := range numbers {
		all[i] = strconv.Itoa(n)
	}
	return "[" + strings.Join(all, ",") + "]"
}

// runs makes the runs that are timed, which share an engine. close ends them.
func (t *timing) runs(settings []string) (runs []*train.Run, close func(), err error) {
	config, err := t.config(settings)
	if err != nil {
		return nil, nil, usage(err)
	}
	if t.Networks < 1 {
		return nil, nil, usage(fmt.Errorf("--networks %d: want at least 1", t.Networks))
	}
	engine, err := config.Engine.Open()
	if err != nil {
		return nil, nil, err
	}
	for seed := range t.Networks {
		own := *config
		own.Seed += uint64(seed)
		r, err := train.NewOn(engine, &own)
		if err != nil {
			engine.Close()
			return nil, nil, err
		}
		runs = append(runs, r)
	}
	return runs, engine.Close, nil
}

// measure makes steps for a while and records how long they take.
func (t *timing) measure(seconds float64, settings []string) error {
	runs, closeRuns, err := t.runs(settings)
	if err != nil {
		return err
	}
	defer closeRuns()
	stepper, err := train.NewStepper(runs...)
	if err != nil {
		return err
	}
	defer stepper.Close()
	together := stepper.StepsAtOnce()
	if err := stepper.RunSteps(max(10, together)); err != nil { // warm up
		return err
	}
	var times []float64
	for end := time.Now().Add(time.Duration(seconds * float64(time.Second))); len(times) < 5 || time.Now().Before(end); {
		start := time.Now()
		if err := stepper.RunSteps(together); err != nil {
			return err
		}
		times = append(times, float64(time.Since(start).Nanoseconds())/1e6/float64(together))
	}
	slices.Sort(times)
	t.describe(runs[0])
	engine := runs[0].Engine
	t.MedianMS, t.MinMS, t.Steps = times[len(times)/2], times[0], len(times)*together
	t.Engine, t.Threads = engine.Name(), engine.Pool().Workers()
	t.BLAS, t.CPU, t.SIMD = engine.BLAS(), host.CPU(), string(simd.Active())
	return nil
}

// describe enters the network that was timed, as the settings made it.
func (t *timing) describe(r *train.Run) {
	t.Model = graph.Kinds.Name(r.Config.Model)
	layers := r.Model.Layers()
	t.Hidden = make([]int, len(layers)-1)
	for l := range t.Hidden {
		t.Hidden[l] = layers[l].Out
	}
	t.layers = layers
}

// network names the model with its hidden layers.
func (t *timing) network() string {
	if t.Model == "mlp" {
		return fmt.Sprint(t.Hidden)
	}
	return t.Model + " " + fmt.Sprint(t.Hidden)
}

func (t *timing) print(w io.Writer) error {
	networks := ""
	if t.Networks > 1 {
		networks = fmt.Sprintf(" of %d networks", t.Networks)
	}
	_, err := fmt.Fprintf(w, "batch %d, hidden %s, %s p=%g: median %.4f ms, least %.4f ms a step%s, %d steps\n%s, BLAS %s, on %s\n",
		t.Batch, t.network(), t.Rule, t.P, t.MedianMS, t.MinMS, networks, t.Steps, t.Engine, t.BLAS, t.CPU)
	return err
}
