package guarded

import (
	"os"
	"syscall"
	"testing"
	"unsafe"
)

const size = 4 // bytes of a number

// Copy returns a copy of x between two pages that must not be touched, at the end of
// the memory between them or at its start. It lasts as long as the test.
func Copy(t testing.TB, x []float32, atEnd bool) []float32 {
	t.Helper()
	page := os.Getpagesize()
	inside := (len(x)*size + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, inside+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	for _, guard := range [][]byte{memory[:page], memory[page+inside:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Skip(err)
		}
	}
	y := unsafe.Slice((*float32)(unsafe.Pointer(&memory[page])), inside/size)
	if atEnd {
		y = y[len(y)-len(x):]
	}
	copy(y, x)
	return y[:len(x):len(x)]
}
