package train

import (
	"cmp"

	"ergon/internal/gpu"
)

// deviceMemory allocates on a device, and frees everything together. After the first
// allocation that fails it makes no more, so that err need be checked once only.
type deviceMemory struct {
	device gpu.Device
	err    error
	frees  []func() error
}

// keep adds a function that free calls.
func (m *deviceMemory) keep(free func() error) { m.frees = append(m.frees, free) }

// alloc allocates n zero values.
func alloc[T any](m *deviceMemory, n int) (a gpu.Array[T]) {
	if m.err == nil {
		if a, m.err = gpu.New[T](m.device, n); m.err == nil {
			m.keep(a.Free)
		}
	}
	return a
}

// allocCopy allocates a copy of values.
func allocCopy[T any](m *deviceMemory, values []T) gpu.Array[T] {
	a := alloc[T](m, len(values))
	if m.err == nil {
		m.err = a.Upload(values)
	}
	return a
}

// free frees everything, and returns the first error.
func (m *deviceMemory) free() (err error) {
	for _, free := range m.frees {
		err = cmp.Or(err, free())
	}
	m.frees = nil
	return err
}
