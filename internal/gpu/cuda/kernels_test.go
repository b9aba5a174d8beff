//go:build gpu

package cuda

import (
	"strings"
	"testing"

	"ergon/internal/gpu"
)

// Every kernel of the module takes one struct, and its size is found.
func TestEntries(t *testing.T) {
	entries := entry.FindAllStringSubmatch(gpu.PTX, -1)
	if n := strings.Count(gpu.PTX, ".entry "); n != len(entries) || n == 0 {
		t.Errorf("the module has %d kernels, of which %d take one struct", n, len(entries))
	}
	sizes := map[string]string{}
	for _, e := range entries {
		sizes[e[1]] = e[2]
	}
	if got := sizes["philox"]; got != "32" { // a pointer, five numbers, and padding to the pointer's alignment
		t.Errorf("philox has arguments of %s bytes, want 32", got)
	}
}

// What a launch costs the host. On a GPU the queue fills: compare with the stub.
func BenchmarkLaunch(b *testing.B) {
	d := openTest(b)
	arguments := make([]byte, d.kernels.functions["philox"].bytes) // no blocks of words: nothing to do
	for b.Loop() {
		if err := d.Launch("philox", 1, 1, arguments); err != nil {
			b.Fatal(err)
		}
	}
}

// What the replay of a captured launch costs the host.
func BenchmarkReplay(b *testing.B) {
	d := openTest(b)
	arguments := make([]byte, d.kernels.functions["philox"].bytes)
	graph, err := d.Capture(func() error { return d.Launch("philox", 1, 1, arguments) })
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := graph.Launch(); err != nil {
			b.Fatal(err)
		}
	}
}
