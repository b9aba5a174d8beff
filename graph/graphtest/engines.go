package graphtest

import (
	"testing"

	"ergon/graph/engine"
	"ergon/internal/blas"
	"ergon/internal/gpu/testdevice"
)

// Engines opens every engine that computes on the processor here, by a name for each.
// Test them with [Conform].
func Engines(t testing.TB) map[string]engine.Engine {
	t.Helper()
	all := map[string]engine.Engine{}
	for name, spec := range map[string]engine.Spec{
		"reference":    {Device: "reference"},
		"cpu-gonum":    {Device: "cpu", BLAS: "gonum", Threads: 2},
		"cpu-openblas": {Device: "cpu", BLAS: "openblas", Threads: 2},
	} {
		if _, err := blas.Open("openblas"); err != nil && spec.BLAS == "openblas" {
			t.Log(err)
			continue
		}
		all[name] = Open(t, spec)
	}
	return all
}

// OnDevice opens the engine on the device that kernels are tested on, or skips the test.
func OnDevice(t testing.TB) engine.Engine {
	t.Helper()
	testdevice.Use(t)
	return Open(t, engine.Spec{Device: "gpu", Threads: 1})
}

// Open opens an engine for the time of a test.
func Open(t testing.TB, spec engine.Spec) engine.Engine {
	t.Helper()
	e, err := spec.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}
