package device

import (
	"errors"

	"ergon/internal/gpu"
)

// deviceMemory is all that an updater has allocated on a device.
type memory struct {
	device    gpu.Device
	allocated []gpu.Pointer
}

// alloc allocates n zeros.
func alloc[T any](m *memory, n int) (gpu.Array[T], error) {
	a, err := gpu.New[T](m.device, n)
	if err == nil {
		m.allocated = append(m.allocated, a.Pointer)
	}
	return a, err
}

// allocCopy allocates a copy of values, and returns its address.
func allocCopy[T any](m *memory, values []T) (gpu.Pointer, error) {
	a, err := alloc[T](m, len(values))
	if err != nil {
		return 0, err
	}
	return a.Pointer, a.Upload(values)
}

// free returns it all.
func (m *memory) free() (err error) {
	for _, p := range m.allocated {
		err = errors.Join(err, m.device.Free(p))
	}
	m.allocated = nil
	return err
}
