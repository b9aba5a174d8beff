package binary

import (
	"fmt"
	"testing"
	"time"

	"ergon/internal/gemm"
)

// The product of chains' hidden units with the weights of a machine for MNIST, beside the dense one.
func BenchmarkProduct(b *testing.B) {
	for _, shape := range [][3]int{{100, 784, 16}, {100, 784, 128}, {100, 784, 500}, {500, 784, 16}, {500, 784, 128}, {500, 784, 500}} {
		p := sample(shape[0], shape[1], shape[2])
		name := fmt.Sprintf("%dx%dx%d", shape[0], shape[1], shape[2])
		b.Run(name+"/dense", func(b *testing.B) {
			least(b, gemm.Product{TransB: true, M: p.M, N: p.N, K: p.K, A: p.A, B: p.B, C: p.C}.Compile(nil))
		})
		b.Run(name+"/tables", func(b *testing.B) {
			run := p.compile(active, nil)
			least(b, func() { run() })
		})
	}
}

// least also reports the shortest run, which says most on a machine that is busy.
func least(b *testing.B, run func()) {
	shortest := time.Hour
	for b.Loop() {
		start := time.Now()
		run()
		shortest = min(shortest, time.Since(start))
	}
	b.ReportMetric(shortest.Seconds()*1e3, "least-ms/op")
}
