package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"ergon/configs"
	"ergon/internal/blas"
)

// suiteRows are the steps that `ergon speed --suite` times.
var suiteRows = []speedOptions{
	{batch: 1, hidden: []int{100}, rule: "dense"}, {batch: 1, hidden: []int{200}, rule: "dense"},
	{batch: 1, hidden: []int{512}, rule: "dense"}, {batch: 1, hidden: []int{2000}, rule: "dense"},
	{batch: 32, hidden: []int{100}, rule: "dense"}, {batch: 32, hidden: []int{512}, rule: "dense"}, {batch: 32, hidden: []int{2000}, rule: "dense"},
	{batch: 128, hidden: []int{100}, rule: "dense"}, {batch: 128, hidden: []int{512}, rule: "dense"}, {batch: 128, hidden: []int{2000}, rule: "dense"},
	{batch: 1000, hidden: []int{100}, rule: "dense"}, {batch: 1000, hidden: []int{512}, rule: "dense"}, {batch: 1000, hidden: []int{2000}, rule: "dense"},
	{batch: 128, hidden: []int{512}, rule: "bernoulli", p: 0.5}, {batch: 128, hidden: []int{512}, rule: "neurons", p: 0.1},
	{batch: 128, hidden: []int{2000}, rule: "neurons", p: 0.1}, {batch: 128, hidden: []int{512}, rule: "competitive", p: 0.01},
	{batch: 1, hidden: []int{200}, rule: "competitive", p: 0.01},
	{batch: 128, hidden: []int{512, 512, 512}, rule: "dense"}, {batch: 128, hidden: []int{512, 512, 512}, rule: "neurons", p: 0.1},
	{batch: 1, model: "convnet", rule: "dense"}, {batch: 128, model: "convnet", rule: "dense"}, {batch: 1000, model: "convnet", rule: "dense"},
}

// suite is the result of `ergon speed --suite`.
type suite struct {
	CPU       string   `json:"cpu"`
	SIMD      string   `json:"simd"`
	BLAS      string   `json:"blas"`
	Threads   int      `json:"threads"`
	PeakGFLOP float64  `json:"peak_gflops"` // of products of 1024×1024 matrices
	CopyGB    float64  `json:"copy_gbs"`    // read and written, of copying as many bytes as a row's weights have, 784×512
	Rows      []timing `json:"rows"`
	Rules     []timing `json:"rules"` // each kind of each stage of a rule, at its defaults
}

// measureSuite times the rows one after the other. If ctx ends before, the suite is of
// the rows until then, nil if there are none, and the error says so.
func (o *speedOptions) measureSuite(ctx context.Context, messages io.Writer) (*suite, error) {
	config, err := o.engine()
	if err != nil {
		return nil, err
	}
	s, rules := &suite{}, ruleRows(512)
	all := len(suiteRows) + len(rules)
	for i, row := range slices.Concat(suiteRows, rules) {
		if onTerminal() {
			fmt.Fprintf(messages, "\r%d of %d", i+1, all)
		}
		t, left, err := o.measureRow(ctx, row, config.Engine.Device)
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		if ctx.Err() != nil { // a row that was not timed to its end is left out
			break
		}
		switch {
		case left != "":
			fmt.Fprintf(messages, "%s, batch %d: left out, %s\n", strings.Join(append(row.settings, row.model), " "), row.batch, left)
		case i < len(suiteRows):
			s.Rows = append(s.Rows, *t)
		default:
			s.Rules = append(s.Rules, *t)
		}
	}
	if onTerminal() {
		fmt.Fprint(messages, "\r\033[K")
	}
	stopped := stoppedEarly(ctx, fmt.Sprintf("%d of %d rows", len(s.Rows)+len(s.Rules), all))
	if len(s.Rows) == 0 {
		return nil, stopped
	}
	first := s.Rows[0]
	s.CPU, s.SIMD, s.BLAS, s.Threads = first.CPU, first.SIMD, first.BLAS, first.Threads
	if err := s.machine(config); err != nil {
		return nil, err
	}
	s.compare()
	return s, stopped
}

// measureRow times a row; left says why it cannot be, where that is no fault: a GPU has no kernels
// for some models and kinds.
func (o *speedOptions) measureRow(ctx context.Context, row speedOptions, device string) (t *timing, left string, err error) {
	gpu := device == "gpu" || device == "auto"
	if gpu && row.model == "convnet" {
		return nil, "convolutions have no kernels for the GPU", nil
	}
	row.device, row.networks, row.seconds, row.settings = o.device, 1, o.seconds, slices.Concat(o.settings, row.settings)
	row.model = cmp.Or(row.model, "mlp")
	t, err = row.measure(ctx)
	if gpu && err != nil && len(row.settings) > len(o.settings) {
		return nil, err.Error(), nil
	}
	return t, "", err
}

// compare enters the floor of each row, and of a rule its time beside that of the plain step.
func (s *suite) compare() {
	for _, rows := range [][]timing{s.Rows, s.Rules} {
		for i := range rows {
			rows[i].FloorMS = s.floor(&rows[i])
		}
	}
	for i := range s.Rules {
		t := &s.Rules[i]
		for _, plain := range s.Rows {
			if plain.Rule == "dense" && plain.Batch == t.Batch && slices.Equal(plain.Hidden, t.Hidden) {
				t.ToPlain = t.MedianMS / plain.MedianMS
			}
		}
	}
}

// engine returns the config whose engine all rows have.
func (o *speedOptions) engine() (*configs.Config, error) {
	config, err := configs.Load("mnist", append([]string{"engine.device=" + o.device}, o.settings...))
	return config, usage(err)
}

// machine measures what the floors are made of.
func (s *suite) machine(config *configs.Config) error {
	engine, err := config.Engine.Open()
	if err != nil {
		return err
	}
	defer engine.Close()
	library, err := blas.Open(config.Engine.BLAS)
	if err != nil {
		return err
	}
	const n, weights = 1024, 784 * 512
	product := blas.Product{
		Library: library, Pool: engine.Pool(), M: n, N: n, K: n,
		A: ones(n * n), B: ones(n * n), C: ones(n * n),
	}.Compile()
	s.PeakGFLOP = 2 * n * n * n / leastSeconds(product) / 1e9
	from, to := ones(weights), ones(weights)
	s.CopyGB = 8 * weights / leastSeconds(func() { copy(to, from) }) / 1e9
	return nil
}

func ones(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

// leastSeconds is the least time of some runs of f.
func leastSeconds(f func()) float64 {
	times := make([]float64, 30)
	for i := range times {
		start := time.Now()
		f()
		times[i] = time.Since(start).Seconds()
	}
	return slices.Min(times)
}

// floor is what a step would take at the peak of products and the bandwidth
// of copies, in ms: at batch 1 two passes over the weights; otherwise the products
// of forward and backward pass, those of a convolution at each position, and one pass that reads and writes weights, for which
// gradients need not be in memory; and what the rule remembers of synapses, as often as its account says that a step reads and
// writes it. Random numbers are not in it. Zeros that are skipped, and synapses that are, may bring a
// step below it.
func (s *suite) floor(t *timing) float64 {
	synapses, products, shared := 0.0, 0.0, false
	for l, layer := range t.layers {
		n := float64(layer.In * layer.Out)
		synapses += n
		passes := 3.0
		if l == 0 {
			passes = 2 // no error is sent to the inputs
		}
		products += passes * n * float64(layer.Rows())
		shared = shared || layer.Rows() > 1
	}
	bandwidth, peak := s.CopyGB*1e6, s.PeakGFLOP*1e6
	remembered := 4 * t.remembered / bandwidth
	if t.Batch == 1 && !shared {
		return 2*8*synapses/bandwidth + remembered
	}
	return 2*float64(t.Batch)*products/peak + 8*synapses/bandwidth + remembered
}

func (s *suite) printJSON(w io.Writer) error { return printJSON(w, s) }

// print writes the suite as Markdown.
func (s *suite) print(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s loops, BLAS %s, %d threads; products %.0f GFLOP/s, copies %.0f GB/s\n\n", s.CPU, s.SIMD, s.BLAS, s.Threads, s.PeakGFLOP, s.CopyGB)
	fmt.Fprintln(w, "| batch | hidden | rule | p | median ms | least ms | floor ms | median/floor | steps/s |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
	for _, t := range s.Rows {
		if _, err := fmt.Fprintf(w, "| %d | %s | %s | %s | %.4f | %.4f | %.4f | %.2f | %.0f |\n",
			t.Batch, t.network(), t.Rule, t.share(), t.MedianMS, t.MinMS, t.FloorMS, t.MedianMS/t.FloorMS, 1000/t.MedianMS); err != nil {
			return err
		}
	}
	return s.printRules(w)
}

// printRules writes the kinds of the stages as Markdown.
func (s *suite) printRules(w io.Writer) error {
	if len(s.Rules) == 0 {
		return nil
	}
	fmt.Fprintln(w, "\n| batch | hidden | setting | median ms | least ms | floor ms | median/floor | median/plain | dW |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
	for _, t := range s.Rules {
		if _, err := fmt.Fprintf(w, "| %d | %s | %s | %.4f | %.4f | %.4f | %.2f | %.2f | %s |\n",
			t.Batch, t.network(), t.Settings[len(t.Settings)-1], t.MedianMS, t.MinMS, t.FloorMS, t.MedianMS/t.FloorMS, t.ToPlain, t.formed()); err != nil {
			return err
		}
	}
	return nil
}
