package datasets

import (
	"slices"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/gpu/testdevice"
)

// Sets of every kind are gathered on a device as on the host, each network its
// own examples at each step.
func TestGatherOnDevice(t *testing.T) {
	const n, inputs, outputs, width, batch, networks, steps = 9, 19, 3, 21, 5, 2, 3
	signed := floatSet(n, inputs, 1)
	signed.labels = make([]uint8, n)
	margin := byteSet(n, inputs, outputs)
	margin.margin = 0.01
	drawn, kept := noisySet(n, inputs, outputs)
	for name, sets := range map[string][]*Set{
		"noisy":  {drawn, kept},
		"bytes":  {byteSet(n, inputs, outputs), byteSet(n, inputs, outputs)},
		"margin": {margin, margin},
		"floats": {floatSet(n, inputs, outputs), floatSet(n, inputs, outputs)},
		"signed": {signed, signed},
	} {
		t.Run(name, func(t *testing.T) {
			d := testdevice.Open(t)
			on, err := Upload(d, sets)
			if err != nil {
				t.Fatal(err)
			}
			examples := make([]int32, steps*networks*batch)
			for i := range examples {
				examples[i] = int32(i * 7 % n)
			}
			targets := sets[0].outputs
			x, y := upload(t, d, make([]float32, networks*batch*width)), upload(t, d, make([]float32, networks*batch*targets))
			clock := upload(t, d, []uint32{2})
			if err := on.Gather(Batch{
				X: x.Pointer, Target: y.Pointer, Size: batch, Width: width, Examples: upload(t, d, examples).Pointer,
				PerStep: networks * batch, PerNetwork: batch, Clock: clock.Pointer,
			}); err != nil {
				t.Fatal(err)
			}
			gotX, gotY := make([]float32, x.Len()), make([]float32, y.Len())
			if err := x.Download(gotX); err != nil {
				t.Fatal(err)
			}
			if err := y.Download(gotY); err != nil {
				t.Fatal(err)
			}
			for s, set := range sets {
				wantX, wantY := make([]float32, batch*width), make([]float32, batch*targets)
				set.Gather(examples[(2*networks+s)*batch:][:batch], wantX, width, wantY)
				if !slices.Equal(wantX, gotX[s*batch*width:][:batch*width]) || !slices.Equal(wantY, gotY[s*batch*targets:][:batch*targets]) {
					t.Errorf("network %d: gathered\n%v %v, want\n%v %v", s, gotX, gotY, wantX, wantY)
				}
			}
			if err := on.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := Upload(testdevice.Open(t), []*Set{byteSet(n, inputs, outputs), byteSet(n+1, inputs, outputs)}); err == nil {
		t.Error("no error for sets of different sizes")
	}
}

func upload[T any](t *testing.T, d gpu.Device, values []T) gpu.Array[T] {
	t.Helper()
	a, err := gpu.NewFrom(d, values)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
