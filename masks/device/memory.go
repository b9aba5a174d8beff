package device

import (
	"errors"

	"ergon/internal/gpu"
)

// memory lists what an updater has allocated on a device.
type memory struct {
	device    gpu.Device
	allocated []gpu.Pointer
}

// alloc allocates n zeros, to be freed by free.
func alloc[T any](m *memory, n int) (gpu.Array[T], error) {
	a, err := gpu.New[T](m.device, n)
	if err == nil {
		m.allocated = append(m.allocated, a.Pointer)
	}
	return a, err
}

// allocCopy allocates a copy of values and returns its address.
func allocCopy[T any](m *memory, values []T) (gpu.Pointer, error) {
	a, err := alloc[T](m, len(values))
	if err != nil {
		return 0, err
	}
	return a.Pointer, a.Upload(values)
}

// free frees everything that was allocated.
func (m *memory) free() (err error) {
	for _, p := range m.allocated {
		err = errors.Join(err, m.device.Free(p))
	}
	m.allocated = nil
	return err
}
