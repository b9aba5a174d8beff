package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"ergon/configs"
	"ergon/internal/blas"
)

// suiteRows are the steps that `ergon speed --suite` times.
var suiteRows = []timing{
	{Batch: 1, Hidden: []int{100}, Rule: "dense"}, {Batch: 1, Hidden: []int{200}, Rule: "dense"},
	{Batch: 1, Hidden: []int{512}, Rule: "dense"}, {Batch: 1, Hidden: []int{2000}, Rule: "dense"},
	{Batch: 32, Hidden: []int{100}, Rule: "dense"}, {Batch: 32, Hidden: []int{512}, Rule: "dense"}, {Batch: 32, Hidden: []int{2000}, Rule: "dense"},
	{Batch: 128, Hidden: []int{100}, Rule: "dense"}, {Batch: 128, Hidden: []int{512}, Rule: "dense"}, {Batch: 128, Hidden: []int{2000}, Rule: "dense"},
	{Batch: 1000, Hidden: []int{100}, Rule: "dense"}, {Batch: 1000, Hidden: []int{512}, Rule: "dense"}, {Batch: 1000, Hidden: []int{2000}, Rule: "dense"},
	{Batch: 128, Hidden: []int{512}, Rule: "bernoulli", P: 0.5}, {Batch: 128, Hidden: []int{512}, Rule: "neurons", P: 0.1},
	{Batch: 128, Hidden: []int{2000}, Rule: "neurons", P: 0.1}, {Batch: 128, Hidden: []int{512}, Rule: "competitive", P: 0.01},
	{Batch: 1, Hidden: []int{200}, Rule: "competitive", P: 0.01},
	{Batch: 128, Hidden: []int{512, 512, 512}, Rule: "dense"}, {Batch: 128, Hidden: []int{512, 512, 512}, Rule: "neurons", P: 0.1},
	{Batch: 1, Model: "convnet", Rule: "dense"}, {Batch: 128, Model: "convnet", Rule: "dense"}, {Batch: 1000, Model: "convnet", Rule: "dense"},
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
}

// measureSuite times the rows one after the other.
func measureSuite(w io.Writer, seconds float64, settings []string) (*suite, error) {
	config, err := configs.Load("mnist", settings)
	if err != nil {
		return nil, usage(err)
	}
	s := &suite{}
	for i, row := range suiteRows {
		if device := config.Engine.Device; row.Model == "convnet" && (device == "gpu" || device == "auto") {
			fmt.Fprintf(w, "convnet, batch %d: left out, convolutions have no kernels for the GPU\n", row.Batch)
			continue
		}
		if onTerminal() {
			fmt.Fprintf(w, "\r%d of %d", i+1, len(suiteRows))
		}
		row.Device, row.Networks = "cpu", 1
		if row.P == 0 {
			row.P = 1
		}
		if row.Model == "" {
			row.Model = "mlp"
		}
		if err := row.measure(seconds, settings); err != nil {
			return nil, err
		}
		s.Rows = append(s.Rows, row)
	}
	if onTerminal() {
		fmt.Fprint(w, "\r\033[K")
	}
	first := s.Rows[0]
	s.CPU, s.SIMD, s.BLAS, s.Threads = first.CPU, first.SIMD, first.BLAS, first.Threads
	if err := s.machine(settings); err != nil {
		return nil, err
	}
	for i := range s.Rows {
		s.Rows[i].FloorMS = s.floor(&s.Rows[i])
	}
	return s, nil
}

// machine measures what the floors are made of.
func (s *suite) machine(settings []string) error {
	config, err := configs.Load("mnist", settings)
	if err != nil {
		return usage(err)
	}
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

// floor is what a plain step would take at the peak of products and the bandwidth
// of copies, in ms: at batch 1 two passes over the weights; otherwise the products
// of forward and backward pass, those of a convolution at each position, and one pass that reads and writes weights, for which
// gradients need not be in memory. Zeros that are skipped, and synapses that are, may bring a
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
	if t.Batch == 1 && !shared {
		return 2 * 8 * synapses / bandwidth
	}
	return 2*float64(t.Batch)*products/peak + 8*synapses/bandwidth
}

// print writes the suite as Markdown.
func (s *suite) print(w io.Writer) error {
	fmt.Fprintf(w, "%s, %s loops, BLAS %s, %d threads; products %.0f GFLOP/s, copies %.0f GB/s\n\n", s.CPU, s.SIMD, s.BLAS, s.Threads, s.PeakGFLOP, s.CopyGB)
	fmt.Fprintln(w, "| batch | hidden | rule | p | median ms | least ms | floor ms | median/floor | steps/s |")
	fmt.Fprintln(w, "|---|---|---|---|---|---|---|---|---|")
	for _, t := range s.Rows {
		if _, err := fmt.Fprintf(w, "| %d | %s | %s | %g | %.4f | %.4f | %.4f | %.2f | %.0f |\n",
			t.Batch, t.network(), t.Rule, t.P, t.MedianMS, t.MinMS, t.FloorMS, t.MedianMS/t.FloorMS, 1000/t.MedianMS); err != nil {
			return err
		}
	}
	return nil
}
