package gpu

import (
	"fmt"
	"unsafe"
)

// Array is n values of T in a device's memory.
type Array[T any] struct {
	Pointer
	n      int
	device Device
}

// New allocates n zero values of T on a device.
func New[T any](d Device, n int) (Array[T], error) {
	size := int(unsafe.Sizeof(*new(T)))
	p, err := d.Allocate(max(n, 1) * size)
	if err != nil {
		return Array[T]{}, fmt.Errorf("gpu: no memory for %d values of %d bytes: %w", n, size, err)
	}
	return Array[T]{p, n, d}, nil
}

// NewFrom allocates a copy of values on a device.
func NewFrom[T any](d Device, values []T) (Array[T], error) {
	a, err := New[T](d, len(values))
	if err != nil {
		return a, err
	}
	return a, a.Upload(values)
}

// Len returns the number of values.
func (a Array[T]) Len() int { return a.n }

// At returns the address of value i.
func (a Array[T]) At(i int) Pointer { return a.Pointer + Pointer(i*int(unsafe.Sizeof(*new(T)))) }

// Upload copies values to the start of the array.
func (a Array[T]) Upload(values []T) error { return a.UploadAt(0, values) }

// UploadAt copies values to the array, from value i on.
func (a Array[T]) UploadAt(i int, values []T) error {
	if i < 0 || i+len(values) > a.n {
		panic("gpu: Upload: more values than the array has")
	}
	if len(values) == 0 {
		return nil
	}
	return a.device.Upload(a.At(i), bytes(values))
}

// Download fills values from the start of the array.
func (a Array[T]) Download(values []T) error { return a.DownloadAt(0, values) }

// DownloadAt fills values from the array, from value i on.
func (a Array[T]) DownloadAt(i int, values []T) error {
	if i < 0 || i+len(values) > a.n {
		panic("gpu: Download: more values than the array has")
	}
	if len(values) == 0 {
		return nil
	}
	return a.device.Download(bytes(values), a.At(i))
}

// Zero sets all values to 0.
func (a Array[T]) Zero() error {
	return a.device.Zero(a.Pointer, max(a.n, 1)*int(unsafe.Sizeof(*new(T))))
}

// Free returns the memory.
func (a Array[T]) Free() error { return a.device.Free(a.Pointer) }
