//go:build gpu

package cuda

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gorgonia.org/cu"

	"ergon/internal/gpu"
)

// kernels are the functions of the module gpu.PTX.
type kernels struct {
	module    cu.Module
	functions map[string]kernel
}

// kernel is a function and the size of its arguments.
type kernel struct {
	function cu.Function
	bytes    int
}

// entry is how PTX declares a kernel with a struct of arguments.
var entry = regexp.MustCompile(`\.entry (\w+)\(\s*\.param \.align \d+ \.b8 \w+\[(\d+)\]\s*\)`)

// loadKernels lets the driver compile the module, and looks up all of it now:
// none is then loaded in the middle of a capture.
func (d *device) loadKernels() error {
	log := make([]byte, 8192)
	module, err := cu.LoadDataEx(gpu.PTX, &cu.JITErrorLogBuffer{Buffer: log})
	if err != nil {
		text, _, _ := strings.Cut(string(log), "\x00")
		return fmt.Errorf("%w\n%s", named("cuModuleLoadDataEx", err), text)
	}
	d.kernels = kernels{module, map[string]kernel{}}
	for _, e := range entry.FindAllStringSubmatch(gpu.PTX, -1) {
		function, err := module.Function(e[1])
		if err != nil {
			return named("cuModuleGetFunction of "+e[1], err)
		}
		bytes, err := strconv.Atoi(e[2])
		if err != nil {
			return fmt.Errorf("cuda: kernel %s has arguments of %s bytes: %w", e[1], e[2], err)
		}
		d.kernels.functions[e[1]] = kernel{function, bytes}
	}
	return nil
}

func (d *device) unloadKernels() error {
	if d.kernels.module == (cu.Module{}) {
		return nil
	}
	return named("cuModuleUnload", d.kernels.module.Unload())
}
