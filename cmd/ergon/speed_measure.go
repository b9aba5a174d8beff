package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/graph"
	"ergon/graph/engine"
	"ergon/internal/host"
	"ergon/internal/schema"
	"ergon/internal/simd"
	"ergon/masks"
	"ergon/train"
	"ergon/train/rundir"
)

// timing is the result of `ergon speed`: times of one whole training step, from
// gathering the batch to recording it in the ledger. What was timed is read off the
// resolved config and the network that was made of it, never off the flags.
type timing struct {
	Device    string             `json:"device"`
	Networks  int                `json:"networks"` // side by side; times are of a step of all of them
	Batch     int                `json:"batch"`
	Model     string             `json:"model"`
	Hidden    []int              `json:"hidden"`             // units of each hidden layer, channels of each convolution
	Rule      string             `json:"rule"`               // kinds of the masks, joined by +; dense: all synapses may change
	P         *float64           `json:"p"`                  // share that the mask keeps; null where it is not one number
	Masks     []map[string]any   `json:"masks"`              // rule.mask, with all settings
	Settings  []string           `json:"settings,omitempty"` // given by --set
	MedianMS  float64            `json:"median_ms"`
	MinMS     float64            `json:"min_ms"`
	FloorMS   float64            `json:"floor_ms,omitempty"`   // of the suite: what this machine's peak and bandwidth allow a plain step
	LearnedBy []rundir.LearnedBy `json:"learned_by,omitempty"` // steps, warm-up included, by what they had of the weights' gradient in memory
	ToPlain   float64            `json:"to_plain,omitempty"`   // of the suite: median over that of the plain step
	Steps     int                `json:"steps"`                // timed
	Engine    string             `json:"engine"`
	BLAS      string             `json:"blas"`
	Threads   int                `json:"threads"`
	CPU       string             `json:"cpu"`
	SIMD      string             `json:"simd"` // instructions of Ergon's own loops
	layers    []*graph.Layer

	remembered float64 // numbers that the last step read and wrote, of what the rule remembers of synapses
}

// leastTimes are measured however short the time is.
const leastTimes = 5

// runs makes the runs that are timed, which share an engine. close ends them.
func (o *speedOptions) runs() (runs []*train.Run, close func(), err error) {
	config, err := o.config()
	if err != nil {
		return nil, nil, usage(err)
	}
	e, err := config.Engine.Open()
	if err != nil {
		return nil, nil, err
	}
	if _, gpu := engine.DeviceOf(e); o.networks > 1 && !gpu {
		e.Close()
		return nil, nil, usage(fmt.Errorf("--networks %d: several networks side by side need a GPU (--device gpu)", o.networks))
	}
	for seed := range o.networks {
		own := *config
		own.Seed += uint64(seed)
		r, err := train.NewOn(e, &own)
		if err != nil {
			e.Close()
			return nil, nil, err
		}
		runs = append(runs, r)
	}
	return runs, e.Close, nil
}

// measure makes steps for a while and says how long they took. If ctx ends before, the
// timing is of the steps until then, nil if there were none, and the error says so.
func (o *speedOptions) measure(ctx context.Context) (*timing, error) {
	runs, closeRuns, err := o.runs()
	if err != nil {
		return nil, err
	}
	defer closeRuns()
	stepper, err := train.NewStepper(runs...)
	if err != nil {
		return nil, err
	}
	defer stepper.Close()
	together := stepper.StepsAtOnce()
	if err := stepper.RunSteps(max(10, together)); err != nil { // warm up
		return nil, err
	}
	var times []float64
	end := time.Now().Add(time.Duration(o.seconds * float64(time.Second)))
	for ctx.Err() == nil && (len(times) < leastTimes || time.Now().Before(end)) {
		start := time.Now()
		if err := stepper.RunSteps(together); err != nil {
			return nil, err
		}
		times = append(times, float64(time.Since(start).Nanoseconds())/1e6/float64(together))
	}
	err = stoppedEarly(ctx, fmt.Sprintf("%d steps", len(times)*together))
	if len(times) == 0 {
		return nil, err
	}
	slices.Sort(times)
	t, described := describeTimed(runs[0])
	t.Device, t.Networks, t.Settings = runs[0].Config.Engine.Device, o.networks, o.settings
	memory := runs[0].Ledger.Last().Memory
	t.LearnedBy = runs[0].LearnedBy()
	t.remembered = float64(memory.Reads + memory.Writes)
	t.MedianMS, t.MinMS, t.Steps = times[len(times)/2], times[0], len(times)*together
	if described != nil {
		err = described
	}
	return t, err
}

// stoppedEarly is the error of a context that has ended, which says what was timed.
func stoppedEarly(ctx context.Context, what string) error {
	if ctx.Err() == nil {
		return nil
	}
	return exit{exitInterrupted, fmt.Errorf("interrupted after %s (stopped by %w)", what, context.Cause(ctx))}
}

// describeTimed enters what was timed.
func describeTimed(r *train.Run) (*timing, error) {
	e := r.Engine
	t := &timing{
		Batch: r.Config.Train.Batch, Model: graph.Kinds.Name(r.Config.Model), layers: r.Model.Layers(),
		Engine: e.Name(), Threads: e.Pool().Workers(), BLAS: e.BLAS(), CPU: host.CPU(), SIMD: string(simd.Active()),
	}
	t.Hidden = make([]int, len(t.layers)-1)
	for l := range t.Hidden {
		t.Hidden[l] = t.layers[l].Out
	}
	return t, t.describeMasks(r.Config)
}

// describeMasks enters the masks of the config.
func (t *timing) describeMasks(c *configs.Config) error {
	var kinds []string
	for _, m := range c.Rule.Mask {
		text, err := schema.Encode(m, false)
		if err != nil {
			return err
		}
		mask := map[string]any{}
		if err := yaml.Unmarshal(text, &mask); err != nil {
			return err
		}
		kind := masks.Masks.Name(m)
		mask["kind"] = kind
		t.Masks = append(t.Masks, mask)
		if kind != "full" {
			kinds = append(kinds, kind)
			t.P = shareOf(mask)
		}
	}
	t.Rule = strings.Join(kinds, "+")
	switch len(kinds) {
	case 0:
		all := 1.0
		t.Rule, t.P = "dense", &all
	case 1:
	default:
		t.P = nil
	}
	return nil
}

// shareOf is the share of the synapses or units that a mask's settings say it keeps, if
// it is one number of them.
func shareOf(mask map[string]any) *float64 {
	p, ok := mask["p"]
	if !ok {
		p = mask["fraction"]
		if k, list := mask["k"].([]any); list && len(k) > 0 && (len(k) > 1 || k[0] != 0) {
			p = nil // of a subnet whose units are counted
		}
	}
	if list, ok := p.([]any); ok && len(list) == 1 {
		p = list[0] // of every layer
	}
	switch p := p.(type) {
	case float64:
		return &p
	case int:
		x := float64(p)
		return &x
	}
	return nil
}

// network names the model with its hidden layers.
func (t *timing) network() string {
	if t.Model == "mlp" {
		return fmt.Sprint(t.Hidden)
	}
	return t.Model + " " + fmt.Sprint(t.Hidden)
}

// share prints p, or n/a for none.
func (t *timing) share() string { return ratio(t.P) }

// rule names the masks, with p or else with all their settings, as rule.mask takes them.
func (t *timing) rule() string {
	if t.P != nil {
		return fmt.Sprintf("%s p=%s", t.Rule, t.share())
	}
	settings, err := json.Marshal(t.Masks)
	if err != nil { // settings are finite: they came from a config
		return t.Rule
	}
	return t.Rule + " " + string(settings)
}

func (t *timing) printJSON(w io.Writer) error { return printJSONLine(w, t) }

func (t *timing) print(w io.Writer) error {
	networks := ""
	if t.Networks > 1 {
		networks = fmt.Sprintf(" of %d networks", t.Networks)
	}
	_, err := fmt.Fprintf(w, "batch %d, hidden %s, %s: median %.4f ms, least %.4f ms a step%s, %d steps\n%s, BLAS %s, on %s\n",
		t.Batch, t.network(), t.rule(), t.MedianMS, t.MinMS, networks, t.Steps, t.Engine, t.BLAS, t.CPU)
	if err != nil {
		return err
	}
	return printLearnedBy(w, t.LearnedBy)
}
