//go:build gpu

package cuda

import (
	"os"
	"testing"

	"ergon/internal/gpu"
	"ergon/internal/gpu/gputest"
)

// These tests run on whatever driver the loader finds: a GPU's, or the stub's
// (package stub). Without one they are skipped, unless ERGON_TEST_GPU=required.

func openTest(t testing.TB) *device {
	t.Helper()
	d, err := open()
	if err != nil && os.Getenv("ERGON_TEST_GPU") != "required" {
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
	return d.(*device)
}

func TestConform(t *testing.T) { gputest.Conform(t, openTest(t)) }

// Two devices are one GPU, but do not disturb each other.
func TestTwo(t *testing.T) {
	a, b := openTest(t), openTest(t)
	if _, err := a.Allocate(1000); err != nil {
		t.Fatal(err)
	}
	graph, err := a.Capture(func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := graph.Launch(); err == nil {
		t.Error("no error: a graph of a closed device")
	}
	if err := a.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	gputest.Conform(t, b)
}

// A closed device answers with errors.
func TestClosed(t *testing.T) {
	d := openTest(t)
	p, err := d.Allocate(16)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for what, call := range map[string]func() error{
		"Allocate":    func() error { _, err := d.Allocate(8); return err },
		"Upload":      func() error { return d.Upload(p, make([]byte, 8)) },
		"Zero":        func() error { return d.Zero(p, 8) },
		"Launch":      func() error { return d.Launch("philox", 1, 1, make([]byte, 32)) },
		"Multiply":    func() error { return d.Multiply(gpu.Product{M: 1, N: 1, K: 1, Networks: 1, A: p, B: p, C: p}) },
		"Capture":     func() error { _, err := d.Capture(func() error { return nil }); return err },
		"Synchronize": d.Synchronize,
	} {
		if call() == nil {
			t.Errorf("no error: %s on a closed device", what)
		}
	}
}

// The program's registration is what gpu.Open uses.
func TestRegistered(t *testing.T) {
	if !gpu.Built() {
		t.Error("linked, but not registered")
	}
	openTest(t)
	d, err := gpu.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", d.Info())
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
