//go:build linux

// Package emulator is a gpu.Device without a GPU: the kernels' own source,
// compiled by the machine's C compiler, run by the CPU block after block. It is
// for tests, and slow.
package emulator

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"

	"ergon/internal/gpu"
)

// device is a gpu.Device on the host. Nothing is queued: a call returns when
// its work is done.
type device struct {
	library   uintptr
	functions map[string]uintptr // by symbol
	sizes     map[string]int     // bytes of each kernel's arguments
	size      int32              // one of them, on its way
	allocated map[gpu.Pointer]int
	recording *record // of the capture in progress
}

var _ gpu.Device = (*device)(nil)

// Open compiles the kernels, unless that was done before, and returns a device
// that runs them. It fails where there is no C compiler.
func Open() (gpu.Device, error) {
	file, err := compile()
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	runtime.LockOSThread() // the loader keeps the text of its error by thread
	defer runtime.UnlockOSThread()
	library, err := purego.Dlopen(file, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return &device{
		library: library, functions: map[string]uintptr{}, sizes: map[string]int{}, allocated: map[gpu.Pointer]int{},
	}, nil
}

// function returns the address of a symbol of the library.
func (d *device) function(name string) (uintptr, error) {
	if f, ok := d.functions[name]; ok {
		return f, nil
	}
	f, err := purego.Dlsym(d.library, name)
	if err != nil {
		return 0, fmt.Errorf("emulator: no kernel or function %q", name)
	}
	d.functions[name] = f
	return f, nil
}

// call calls a function of emulator.cu, which is there.
func (d *device) call(name string, arguments ...uintptr) uintptr {
	f, err := d.function(name)
	if err != nil {
		panic(err)
	}
	result, _, _ := purego.SyscallN(f, arguments...)
	return result
}

// Info implements gpu.Device.
func (d *device) Info() gpu.Info {
	return gpu.Info{Name: "emulator", Driver: "none", Capability: "none", Processors: 1, BLAS: "none"}
}

// Allocate implements gpu.Device.
func (d *device) Allocate(bytes int) (gpu.Pointer, error) {
	if d.recording != nil {
		return 0, errCapturing
	}
	if bytes < 1 {
		return 0, fmt.Errorf("emulator: an allocation of %d bytes", bytes)
	}
	p := gpu.Pointer(d.call("emulator_allocate", uintptr(bytes)))
	if p == 0 {
		return 0, fmt.Errorf("emulator: out of memory for %d bytes", bytes)
	}
	d.allocated[p] = bytes
	return p, nil
}

// Free implements gpu.Device.
func (d *device) Free(p gpu.Pointer) error {
	if d.recording != nil {
		return errCapturing
	}
	if _, ok := d.allocated[p]; !ok {
		return fmt.Errorf("emulator: free of %#x, which was not allocated", p)
	}
	delete(d.allocated, p)
	d.call("emulator_free", uintptr(p))
	return nil
}

// check reports a range that is not within one allocation.
func (d *device) check(p gpu.Pointer, bytes int) error {
	for start, size := range d.allocated {
		if p >= start && p+gpu.Pointer(bytes) <= start+gpu.Pointer(size) {
			return nil
		}
	}
	return fmt.Errorf("emulator: %d bytes at %#x are not allocated", bytes, p)
}

// Upload implements gpu.Device.
func (d *device) Upload(to gpu.Pointer, from []byte) error {
	if d.recording != nil {
		return errCapturing
	}
	if len(from) == 0 {
		return nil
	}
	if err := d.check(to, len(from)); err != nil {
		return err
	}
	d.call("emulator_copy", uintptr(to), uintptr(unsafe.Pointer(&from[0])), uintptr(len(from)))
	runtime.KeepAlive(from)
	return nil
}

// Download implements gpu.Device.
func (d *device) Download(to []byte, from gpu.Pointer) error {
	if d.recording != nil {
		return errCapturing
	}
	if len(to) == 0 {
		return nil
	}
	if err := d.check(from, len(to)); err != nil {
		return err
	}
	d.call("emulator_copy", uintptr(unsafe.Pointer(&to[0])), uintptr(from), uintptr(len(to)))
	runtime.KeepAlive(to)
	return nil
}

// Synchronize implements gpu.Device.
func (d *device) Synchronize() error {
	if d.recording != nil {
		return errCapturing
	}
	return nil
}

// Close implements gpu.Device. The library stays loaded: others may use it.
func (d *device) Close() error {
	for p := range d.allocated {
		d.call("emulator_free", uintptr(p))
	}
	clear(d.allocated)
	return nil
}
