package device

import (
	"os"
	"strconv"
	"testing"
	"time"

	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
	"ergon/masks"
	"ergon/masks/rules"
)

// copyArguments is copy.cu's Copy.
type copyArguments struct {
	to, from gpu.Pointer
	n        uint32
}

// BenchmarkDeviceUpdate compares an update's bandwidth with a copy's, for
// synapses that fit in no cache: 64 million on a GPU. A masked, clipped, counted
// step of gradient descent reads weight and gradient and writes the weight.
func BenchmarkDeviceUpdate(b *testing.B) {
	side := 512
	if testdevice.Real {
		side = 8192
	}
	if text := os.Getenv("ERGON_BENCH_SIDE"); text != "" {
		side, _ = strconv.Atoi(text)
	}
	for name, mask := range map[string]masks.MaskSpec{
		"dense":     &rules.Full{},
		"bernoulli": &rules.Bernoulli{P: 0.5, Redraw: "step", Scope: masks.Scope{Biases: true}},
		"neurons":   &rules.Neurons{P: 0.5, Side: "both", Redraw: "step", Scope: masks.Scope{Biases: true}},
	} {
		b.Run(name, func(b *testing.B) {
			rule := rules.Default()
			rule.Mask, rule.Clip = []masks.MaskSpec{mask}, &rules.ClipValue{Bound: []float64{0.01}}
			benchmarkDeviceUpdate(b, rule, side)
		})
	}
}

func benchmarkDeviceUpdate(b *testing.B, rule masks.Rule, side int) {
	d := testdevice.Open(b)
	n := side * side
	layout := gpu.NewLayout([]int{n})
	weights, gradients := zeroedOn[float32](b, d, layout.Size), zeroedOn[float32](b, d, layout.Size)
	place := Place{
		Layout: layout, Weights: weights.Pointer, Gradients: gradients.Pointer,
		Clock: zeroedOn[uint32](b, d, 1).Pointer, Halted: zeroedOn[uint32](b, d, 1).Pointer,
	}
	u, err := NewUpdater(d, place, []masks.Rule{rule}, []masks.Network{{Layers: []masks.Layer{{In: side, Out: side}}}}, []uint64{1}, 1)
	if err != nil {
		b.Fatal(err)
	}
	defer u.Close()
	if err := u.Prepare(0, 1, nil); err != nil {
		b.Fatal(err)
	}
	const repeats = 20
	seconds := func(work func() error) float64 {
		graph, err := d.Capture(func() error {
			for range repeats {
				if err := work(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		defer graph.Close()
		for warm := range 2 {
			start := time.Now()
			if err := graph.Launch(); err != nil {
				b.Fatal(err)
			}
			if err := d.Synchronize(); err != nil {
				b.Fatal(err)
			}
			if warm == 1 {
				return time.Since(start).Seconds() / repeats
			}
		}
		return 0
	}
	var copied, updated float64
	for b.Loop() {
		copied += 8 * float64(n) / 1e9 / seconds(func() error {
			return gpu.Launch(d, "copy", (n/4+4*gpu.Threads-1)/(4*gpu.Threads), 1, copyArguments{weights.Pointer, gradients.Pointer, uint32(n / 4)})
		})
		updated += 12 * float64(n) / 1e9 / seconds(u.Queue)
	}
	b.ReportMetric(copied/float64(b.N), "copy-GB/s")
	b.ReportMetric(updated/float64(b.N), "update-GB/s")
	b.ReportMetric(updated/copied, "of-copy")
}

func zeroedOn[T any](b *testing.B, d gpu.Device, n int) gpu.Array[T] {
	b.Helper()
	a, err := gpu.New[T](d, n)
	if err != nil {
		b.Fatal(err)
	}
	return a
}
