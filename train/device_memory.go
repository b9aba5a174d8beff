package train

import (
	"cmp"

	"ergon/internal/gpu"
)

// deviceMemory is what was allocated on a device, to be freed together. After
// the first allocation that fails it makes no more; its error is asked for once.
type deviceMemory struct {
	device gpu.Device
	err    error
	frees  []func() error
}

// keep has something freed with the memory.
func (m *deviceMemory) keep(free func() error) { m.frees = append(m.frees, free) }

// room allocates n zero values.
func room[T any](m *deviceMemory, n int) (a gpu.Array[T]) {
	if m.err == nil {
		if a, m.err = gpu.New[T](m.device, n); m.err == nil {
			m.keep(a.Free)
		}
	}
	return a
}

// filled allocates a copy of values.
func filled[T any](m *deviceMemory, values []T) gpu.Array[T] {
	a := room[T](m, len(values))
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
