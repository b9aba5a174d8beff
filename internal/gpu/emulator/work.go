//go:build linux

package emulator

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"

	"ergon/internal/gpu"
)

// The work that can be recorded: launches, products, zeroings.

var errCapturing = errors.New("emulator: only launches, products and zeroings can be captured")

// record is recorded work.
type record struct {
	device *device
	work   []func()
}

var _ gpu.Graph = (*record)(nil)

// Launch implements gpu.Graph.
func (r *record) Launch() error {
	if r.device.recording != nil {
		return errCapturing
	}
	for _, w := range r.work {
		w()
	}
	return nil
}

// Close implements gpu.Graph.
func (r *record) Close() error { return nil }

// Capture implements gpu.Device.
func (d *device) Capture(work func() error) (gpu.Graph, error) {
	if d.recording != nil {
		return nil, errCapturing
	}
	r := &record{device: d}
	d.recording = r
	defer func() { d.recording = nil }()
	if err := work(); err != nil {
		return nil, err
	}
	return r, nil
}

// do does the work, or records it.
func (d *device) do(work func()) {
	if d.recording != nil {
		d.recording.work = append(d.recording.work, work)
		return
	}
	work()
}

// Launch implements gpu.Device.
func (d *device) Launch(kernel string, x, y int, arguments []byte) error {
	function, err := d.function(kernel)
	if err != nil {
		return err
	}
	if err := d.checkArguments(kernel, x, y, len(arguments)); err != nil {
		return err
	}
	own := append([]byte(nil), arguments...)
	d.do(func() {
		purego.SyscallN(function, uintptr(unsafe.Pointer(&own[0])), uintptr(x), uintptr(y))
		runtime.KeepAlive(own)
	})
	return nil
}

// checkArguments compares the size of a Go struct with its C twin's, and the
// grid with a GPU's limits.
func (d *device) checkArguments(kernel string, x, y, size int) error {
	if x < 1 || y < 1 || y > 65535 {
		return fmt.Errorf("emulator: kernel %s launched with %d×%d blocks", kernel, x, y)
	}
	want, ok := d.sizes[kernel]
	if !ok {
		at, err := d.function(kernel + "_bytes")
		if err != nil {
			return err
		}
		d.call("emulator_copy", uintptr(unsafe.Pointer(&d.size)), at, 4) // not the stack's, which moves
		want = int(d.size)
		d.sizes[kernel] = want
	}
	if size != want {
		return fmt.Errorf("emulator: kernel %s has arguments of %d bytes, and was given %d", kernel, want, size)
	}
	return nil
}

// multiplication is emulator.cu's struct of the same name.
type multiplication struct {
	A, B, C                             gpu.Pointer
	TransA, TransB, M, N, K             int32
	StrideA, StrideB, StrideC, Networks int32
}

// Multiply implements gpu.Device.
func (d *device) Multiply(p gpu.Product) error {
	if p.M < 1 || p.N < 1 || p.K < 1 || p.Networks < 1 {
		return fmt.Errorf("emulator: a product of [%d,%d]·[%d,%d] for %d networks", p.M, p.K, p.K, p.N, p.Networks)
	}
	if err := errors.Join(
		d.check(p.A, 4*((p.Networks-1)*p.StrideA+p.M*p.K)),
		d.check(p.B, 4*((p.Networks-1)*p.StrideB+p.K*p.N)),
		d.check(p.C, 4*((p.Networks-1)*p.StrideC+p.M*p.N)),
	); err != nil {
		return err
	}
	m := &multiplication{
		A: p.A, B: p.B, C: p.C, TransA: flag(p.TransA), TransB: flag(p.TransB),
		M: int32(p.M), N: int32(p.N), K: int32(p.K),
		StrideA: int32(p.StrideA), StrideB: int32(p.StrideB), StrideC: int32(p.StrideC), Networks: int32(p.Networks),
	}
	d.do(func() {
		d.call("emulator_multiply", uintptr(unsafe.Pointer(m)))
		runtime.KeepAlive(m)
	})
	return nil
}

func flag(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// Zero implements gpu.Device.
func (d *device) Zero(at gpu.Pointer, bytes int) error {
	if err := d.check(at, bytes); err != nil {
		return err
	}
	d.do(func() { d.call("emulator_zero", uintptr(at), uintptr(bytes)) })
	return nil
}
