// Package testdevice is the device that tests of kernels run on: the emulator,
// or, in test binaries built with the tag gpu, what the CUDA driver offers, a
// GPU or the stub.
package testdevice

import (
	"errors"
	"os"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/gpu/emulator"
)

// Open opens the device for a test. Where there is none the test is skipped,
// unless ERGON_TEST_GPU=required is set.
func Open(t testing.TB) gpu.Device {
	t.Helper()
	d, err := open()
	if err != nil {
		if os.Getenv("ERGON_TEST_GPU") == "required" || !Real && !errors.Is(err, emulator.ErrNoCompiler) {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// Use lets engine.device=gpu be that device for a test.
func Use(t testing.TB) {
	t.Helper()
	Open(t) // or skip
	if !Real {
		t.Cleanup(gpu.Register(open))
	}
}
