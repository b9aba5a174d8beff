package emulator

import (
	"errors"
	"testing"

	"ergon/internal/gpu"
)

// Test opens a device for a test, which is skipped where there is no compiler.
func Test(t testing.TB) gpu.Device {
	t.Helper()
	d, err := Open()
	if errors.Is(err, ErrNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}
