//go:build gpu

package cuda

// #include "driver.h"
import "C"

import (
	"errors"
	"unsafe"

	"gorgonia.org/cu"

	"ergon/internal/gpu"
)

// stagingBytes is the size of each half of the staging memory.
const stagingBytes = 4 << 20

// staging is memory of the host that the device reads and writes by itself, in
// two halves: while the device is at one, the host fills or empties the other.
// It makes uploads asynchronous: their source is free once it is copied here.
type staging struct {
	halves [2]half
	next   int // the half whose turn it is
}

type half struct {
	bytes []byte   // pinned, outside Go's heap
	done  cu.Event // the last copy to or from it
}

func (d *device) openStaging() error {
	for i := range d.staging.halves {
		h := &d.staging.halves[i]
		var memory unsafe.Pointer
		if err := failure("cuMemHostAlloc", C.driver_pinned(d.queue, stagingBytes, &memory)); err != nil {
			return err
		}
		h.bytes = unsafe.Slice((*byte)(memory), stagingBytes)
		var err error
		if h.done, err = cu.MakeEvent(cu.DisableTiming); err != nil {
			return named("cuEventCreate", err)
		}
	}
	return nil
}

func (d *device) closeStaging() error {
	var errs []error
	for _, h := range d.staging.halves {
		if h.done != (cu.Event{}) {
			errs = append(errs, named("cuEventDestroy", cu.DestroyEvent(&h.done)))
		}
		if h.bytes != nil {
			errs = append(errs, failure("cuMemFreeHost", C.driver_pinned_free(d.queue, unsafe.Pointer(&h.bytes[0]))))
		}
	}
	d.staging = staging{}
	return errors.Join(errs...)
}

// take returns the half whose turn it is.
func (s *staging) take() *half {
	h := &s.halves[s.next]
	s.next = 1 - s.next
	return h
}

// wait waits for the last copy to or from the half.
func (h *half) wait() error { return named("cuEventSynchronize", h.done.Synchronize()) }

// Upload implements gpu.Device. It does not wait for queued work.
func (d *device) Upload(to gpu.Pointer, from []byte) error {
	return d.transfer(to, len(from), func() error {
		for len(from) > 0 {
			h := d.staging.take()
			if err := h.wait(); err != nil {
				return err
			}
			n := copy(h.bytes, from)
			err := cu.MemcpyHtoDAsync(cu.DevicePtr(to), unsafe.Pointer(&h.bytes[0]), int64(n), d.stream)
			if err != nil {
				return named("cuMemcpyHtoDAsync", err)
			}
			if err := h.done.Record(d.stream); err != nil {
				return named("cuEventRecord", err)
			}
			from, to = from[n:], to+gpu.Pointer(n)
		}
		return nil
	})
}

// Download implements gpu.Device.
func (d *device) Download(to []byte, from gpu.Pointer) error {
	return d.transfer(from, len(to), func() error {
		var arriving *half // from which to's first bytes are to come
		for at := 0; at < len(to) || arriving != nil; at += stagingBytes {
			var next *half
			if at < len(to) {
				next = d.staging.take()
				if err := d.fetch(next, from+gpu.Pointer(at), min(stagingBytes, len(to)-at)); err != nil {
					return err
				}
			}
			if arriving != nil {
				if err := arriving.wait(); err != nil {
					return err
				}
				copy(to[at-stagingBytes:], arriving.bytes)
			}
			arriving = next
		}
		return nil
	})
}

// fetch queues a copy from the device to a half.
func (d *device) fetch(h *half, from gpu.Pointer, n int) error {
	if err := cu.MemcpyDtoHAsync(unsafe.Pointer(&h.bytes[0]), cu.DevicePtr(from), int64(n), d.stream); err != nil {
		return named("cuMemcpyDtoHAsync", err)
	}
	return named("cuEventRecord", h.done.Record(d.stream))
}

// transfer runs copies of a range of the device's memory.
func (d *device) transfer(p gpu.Pointer, bytes int, copies func() error) error {
	if d.capturing {
		return errCapturing
	}
	if bytes == 0 {
		return nil
	}
	if err := d.memory.check(p, bytes); err != nil {
		return err
	}
	return d.enter(copies)
}
