package convolve

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns a copy of x between two pages that must not be touched, at the
// end of the memory between them or at its start.
func guarded(t *testing.T, x []float32, atEnd bool) []float32 {
	page := os.Getpagesize()
	inside := (4*len(x) + page - 1) / page * page
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
	y := unsafe.Slice((*float32)(unsafe.Pointer(&memory[page])), inside/4)
	if y = y[:len(x)]; atEnd {
		y = unsafe.Slice((*float32)(unsafe.Pointer(&memory[page+inside-4*len(x)])), len(x))
	}
	copy(y, x)
	return y
}

// A kernel that reads or writes beside its arrays ends the process here.
func TestNothingBesideTheArraysIsTouched(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for name, k := range levels() {
		at(k, func() {
			for i := range 60 {
				side := 1 + random.IntN(5)
				s := newSample(random, 1+random.IntN(2), side+random.IntN(5), side+random.IntN(30), 1+random.IntN(9), side, 1+random.IntN(40))
				for _, x := range s.arrays() {
					*x = guarded(t, *x, i%2 == 0)
				}
				s.check(t, name)

				p := Pool{Rows: side + random.IntN(5), Columns: side + random.IntN(9), Channels: 1 + random.IntN(40), Side: side}
				numbers := func(n int) []float32 { return guarded(t, units(random, n), i%2 == 0) }
				y, squares := numbers(p.Units()), numbers(p.Squares())
				p.Largest(squares, y)
				p.Give(numbers(p.Units()), numbers(p.Squares()), y, squares)
			}
		})
	}
}
