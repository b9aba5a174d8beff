//go:build gpu

// Package cuda is gpu.Device on an NVIDIA GPU, by gorgonia.org/cu and a little C
// for what cu lacks: captured work, pinned memory, and cuBLAS.
//
// It is linked into programs built with the tag gpu. These need the driver's
// library libcuda.so.1 to start at all, but no GPU: without one Open returns an
// error. cuBLAS (libcublas.so.13, 12 or 11) is looked for by Open.
//
// A device may be used by a goroutine on any thread; see driver.h.
package cuda

// #cgo linux CFLAGS: -I/usr/local/cuda/include
// #cgo linux LDFLAGS: -L/usr/local/cuda/lib64 -lcuda -ldl
// #include "driver.h"
import "C"

import (
	"errors"
	"runtime"

	"gorgonia.org/cu"

	"ergon/internal/gpu"
)

func init() { gpu.Register(open) }

// device is the first GPU.
type device struct {
	number    cu.Device
	context   cu.CUContext
	stream    cu.Stream
	queue     C.Queue // context and stream, for C
	info      gpu.Info
	memory    memory
	staging   staging
	kernels   kernels
	blas      blas
	graphs    map[*graph]bool // not yet closed
	capturing bool
}

var _ gpu.Device = (*device)(nil)

// open opens the first GPU that the driver shows.
func open() (gpu.Device, error) {
	if err := failure("cuInit", C.driver_initialize()); err != nil {
		return nil, err
	}
	d := &device{graphs: map[*graph]bool{}}
	if err := d.open(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// open makes what a device consists of, one after the other; each part can be
// closed by Close as far as it was made.
func (d *device) open() (err error) {
	if d.number, err = cu.GetDevice(0); err != nil {
		return named("cuDeviceGet", err)
	}
	// The primary context is the one that cuBLAS uses, too.
	if d.context, err = d.number.RetainPrimaryCtx(); err != nil {
		return named("cuDevicePrimaryCtxRetain", err)
	}
	return d.enter(func() error {
		if d.stream, err = cu.MakeStream(cu.NonBlocking); err != nil {
			return named("cuStreamCreate", err)
		}
		d.queue = newQueue(d.context, d.stream)
		for _, part := range []func() error{d.inspect, d.openStaging, d.loadKernels, d.openBLAS} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
}

// enter runs work on a thread whose context is the device's.
func (d *device) enter(work func() error) error {
	if d.context == (cu.CUContext{}) {
		return errClosed
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cu.SetCurrentContext(d.context); err != nil {
		return named("cuCtxSetCurrent", err)
	}
	return work()
}

// Synchronize implements gpu.Device.
func (d *device) Synchronize() error {
	if d.capturing {
		return errCapturing
	}
	return d.enter(d.wait)
}

// wait is Synchronize on a thread that has entered.
func (d *device) wait() error { return named("cuStreamSynchronize", d.stream.Synchronize()) }

// Close implements gpu.Device. Closing twice does nothing.
func (d *device) Close() error {
	if d.capturing {
		return errCapturing
	}
	if d.context == (cu.CUContext{}) {
		return nil
	}
	err := d.enter(func() error {
		var errs []error
		if d.stream != (cu.Stream{}) {
			errs = append(errs, d.wait())
		}
		for g := range d.graphs {
			errs = append(errs, g.Close())
		}
		errs = append(errs, d.closeBLAS(), d.freeAll(), d.closeStaging(), d.unloadKernels())
		if d.stream != (cu.Stream{}) {
			errs = append(errs, named("cuStreamDestroy", d.stream.Destroy()))
		}
		return errors.Join(errs...)
	})
	err = errors.Join(err, named("cuDevicePrimaryCtxRelease", d.number.ReleasePrimaryCtx()))
	d.context, d.queue = cu.CUContext{}, C.Queue{}
	return err
}
