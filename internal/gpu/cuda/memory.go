//go:build gpu

package cuda

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"gorgonia.org/cu"

	"ergon/internal/gpu"
)

// memory is what has been allocated, by address.
type memory []block

// block is one allocation.
type block struct {
	start gpu.Pointer
	bytes int
}

// find returns the place of the block that begins at p, or where it would go.
func (m memory) find(p gpu.Pointer) (int, bool) {
	return slices.BinarySearchFunc(m, p, func(b block, p gpu.Pointer) int { return cmp.Compare(b.start, p) })
}

// check reports a range that is not within one allocation. The driver would
// notice only some of them.
func (m memory) check(p gpu.Pointer, bytes int) error {
	i, exact := m.find(p)
	if !exact {
		i--
	}
	if i >= 0 && bytes >= 0 && uint64(p-m[i].start)+uint64(bytes) <= uint64(m[i].bytes) {
		return nil
	}
	return fmt.Errorf("cuda: %d bytes at %#x are not allocated", bytes, p)
}

// Allocate implements gpu.Device.
func (d *device) Allocate(bytes int) (gpu.Pointer, error) {
	if d.capturing {
		return 0, errCapturing
	}
	if bytes < 1 {
		return 0, fmt.Errorf("cuda: an allocation of %d bytes", bytes)
	}
	var p gpu.Pointer
	err := d.enter(func() error {
		at, err := cu.MemAlloc(int64(bytes))
		p = gpu.Pointer(at)
		return named(fmt.Sprintf("cuMemAlloc of %d bytes", bytes), err)
	})
	if err != nil {
		return 0, err
	}
	i, _ := d.memory.find(p)
	d.memory = slices.Insert(d.memory, i, block{p, bytes})
	return p, d.Zero(p, bytes)
}

// Free implements gpu.Device.
func (d *device) Free(p gpu.Pointer) error {
	if d.capturing {
		return errCapturing
	}
	i, ok := d.memory.find(p)
	if !ok {
		return fmt.Errorf("cuda: free of %#x, which was not allocated", p)
	}
	d.memory = slices.Delete(d.memory, i, i+1)
	return d.enter(func() error { return errors.Join(d.wait(), free(p)) })
}

// free frees a block, on a thread that has entered.
func free(p gpu.Pointer) error { return named("cuMemFree", cu.MemFree(cu.DevicePtr(p))) }

// freeAll frees what is still allocated.
func (d *device) freeAll() error {
	var errs []error
	for _, b := range d.memory {
		errs = append(errs, free(b.start))
	}
	d.memory = nil
	return errors.Join(errs...)
}
