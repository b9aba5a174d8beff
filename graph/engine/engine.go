// Package engine has what runs a graph: Gorgonia's TapeMachine on the definitions
// (reference), a straight-line machine with its passes (cpu), and a list of launches on a
// device (gpu). An engine knows graphs and ops, not models.
package engine

import (
	"errors"
	"fmt"
	"runtime"

	G "gorgonia.org/gorgonia"

	"ergon/graph/op"
	"ergon/internal/blas"
	"ergon/internal/gpu"
	"ergon/internal/parallel"
	"ergon/internal/schema"
)

// Spec says what runs the graphs.
type Spec struct {
	Device  string `key:"device" doc:"cpu: fast; gpu: on an NVIDIA GPU; auto: gpu where one can be used, else cpu; reference: Gorgonia's TapeMachine and every formula by its definition, slow" oneof:"cpu|reference|gpu|auto"`
	BLAS    string `key:"blas" doc:"matrix products of the cpu engine; none: Ergon's own kernels; auto: those where the processor has AVX2 or more, else openblas where it is found, else gonum" oneof:"auto|none|openblas|gonum"`
	Threads int    `key:"threads" doc:"cores to use; 0: all. Results do not depend on it" in:"[0,4096]"`
}

// Engine turns expression graphs into machines that run them.
type Engine interface {
	// Name says what computes, for reports.
	Name() string
	// BLAS names the library of matrix products, with its version; "" is none.
	BLAS() string
	// Pool is the engine's workers. Others may use them between runs; nil is one core.
	Pool() *parallel.Pool
	// Machine compiles a graph. Every input node must have its value bound.
	Machine(g *G.ExprGraph) (G.VM, error)
	// Close releases the engine's goroutines.
	Close()
}

// Open returns the engine that the spec names.
func (s Spec) Open() (Engine, error) {
	switch s.Device {
	case "reference":
		return referenceEngine{}, nil
	case "cpu", "":
		return s.openCPU("")
	case "gpu":
		e, err := s.openGPU()
		if err != nil {
			return nil, schema.Under("engine", schema.Fieldf("device", "%v", err))
		}
		return e, nil
	case "auto":
		e, err := s.openGPU()
		if err != nil {
			return s.openCPU("; no GPU: " + reason(err))
		}
		return e, nil
	}
	return nil, fmt.Errorf("graph: unknown device %q", s.Device)
}

// OnGPU says whether Open opens a GPU, or fails for lack of one. For auto it tries.
func (s Spec) OnGPU() bool {
	if s.Device != "auto" || !gpu.Built() {
		return s.Device == "gpu"
	}
	d, err := gpu.Open()
	if err != nil {
		return false
	}
	return d.Close() == nil
}

func (s Spec) openCPU(note string) (Engine, error) {
	library, err := blas.Open(s.BLAS)
	if err != nil {
		return nil, err
	}
	return &cpuEngine{compiler: op.Compiler{Library: library, Pool: s.pool()}, note: note}, nil
}

func (s Spec) openGPU() (Engine, error) {
	device, err := gpu.Open()
	if err != nil {
		return nil, err
	}
	return &deviceEngine{device, s.pool()}, nil
}

func (s Spec) pool() *parallel.Pool {
	if s.Threads == 0 {
		return parallel.New(runtime.GOMAXPROCS(0))
	}
	return parallel.New(s.Threads)
}

// reason says in a few words why there is no GPU.
func reason(err error) string {
	if errors.Is(err, gpu.ErrNotBuilt) {
		return "this program was built without"
	}
	return err.Error()
}
