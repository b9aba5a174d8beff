// Package gputest is the conformance suite of devices: whatever implements
// gpu.Device must pass it. It knows the device only by its interface.
package gputest

import (
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/philox"
)

// Conform tests a device, which is as it was afterwards.
func Conform(t *testing.T, d gpu.Device) {
	t.Helper()
	for _, part := range []struct {
		name string
		test func(*testing.T, gpu.Device)
	}{
		{"info", info},
		{"memory is zeroed and aligned", zeroed},
		{"memory comes back as it went", roundTrips},
		{"uploads take a copy, in order", uploadsInOrder},
		{"zeroing", zeroing},
		{"wrong memory is an error", wrongMemory},
		{"philox", philoxWords},
		{"wrong launches are errors", wrongLaunches},
		{"products", products},
		{"products of several networks", batchedProducts},
		{"wrong products are errors", wrongProducts},
		{"replay is what was captured", replay},
		{"captures fail cleanly", failedCaptures},
		{"any thread", threads},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, d) })
	}
}

// info must be filled in: it is what a report says of the device.
func info(t *testing.T, d gpu.Device) {
	i := d.Info()
	for name, value := range map[string]string{"Name": i.Name, "Driver": i.Driver, "Capability": i.Capability, "BLAS": i.BLAS} {
		if value == "" {
			t.Errorf("Info().%s is empty", name)
		}
	}
	if i.Processors < 1 || i.Free > i.Memory {
		t.Errorf("Info() = %+v", i)
	}
}

// array allocates n values, for the length of a test.
func array[T any](t *testing.T, d gpu.Device, n int) gpu.Array[T] {
	t.Helper()
	a, err := gpu.New[T](d, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { check(t, a.Free()) })
	return a
}

// upload allocates a copy of values, for the length of a test.
func upload[T any](t *testing.T, d gpu.Device, values []T) gpu.Array[T] {
	t.Helper()
	a := array[T](t, d, len(values))
	check(t, a.Upload(values))
	return a
}

// download returns an array's values.
func download[T any](t *testing.T, a gpu.Array[T]) []T {
	t.Helper()
	values := make([]T, a.Len())
	check(t, a.Download(values))
	return values
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fails reports a call that should have failed.
func fails(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		t.Errorf("no error: %s", what)
	}
}

// draw returns n bytes of a stream.
func draw(n int, name string) []byte {
	stream := philox.New(1, "gputest/"+name)
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(stream.Uint32(0, uint64(i)))
	}
	return b
}

// drawFloats returns n numbers between -1 and 1, with all the bits of a float32.
func drawFloats(n int, name string) []float32 {
	stream := philox.New(1, "gputest/"+name)
	f := make([]float32, n)
	for i := range f {
		f[i] = float32(2*stream.Float64(0, uint64(i)) - 1)
	}
	return f
}
