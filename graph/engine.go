package graph

import (
	"fmt"
	"runtime"

	G "gorgonia.org/gorgonia"

	"ergon/internal/blas"
	"ergon/internal/parallel"
)

// EngineSpec says what runs the graphs.
type EngineSpec struct {
	Device  string `key:"device" doc:"cpu: fast; reference: Gorgonia's TapeMachine and every formula by its definition, slow" oneof:"cpu|reference"`
	BLAS    string `key:"blas" doc:"matrix products of the cpu engine; auto: openblas where it is found" oneof:"auto|openblas|gonum"`
	Threads int    `key:"threads" doc:"cores to use; 0: all. Results do not depend on it" in:"[0,4096]"`
}

// Engine turns expression graphs into machines that run them.
type Engine interface {
	// Name says what computes, for reports.
	Name() string
	// BLAS names the library of matrix products, with its version; "" is none.
	BLAS() string
	// Pool is what else may be run in parallel with, between runs; nil is one core.
	Pool() *parallel.Pool
	// Machine compiles a graph. Every input node must have its value bound.
	Machine(g *G.ExprGraph) (G.VM, error)
	// Close releases the engine's goroutines.
	Close()
}

// Open returns the engine that the spec names.
func (s EngineSpec) Open() (Engine, error) {
	switch s.Device {
	case "reference":
		return referenceEngine{}, nil
	case "cpu", "":
		library, err := blas.Open(s.BLAS)
		if err != nil {
			return nil, err
		}
		threads := s.Threads
		if threads == 0 {
			threads = runtime.GOMAXPROCS(0)
		}
		return &cpuEngine{compiler{library, parallel.New(threads)}}, nil
	}
	return nil, fmt.Errorf("graph: unknown device %q", s.Device)
}
