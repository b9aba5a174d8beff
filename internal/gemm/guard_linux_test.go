package gemm

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns n numbers between two pages that must not be touched, at the
// end of the memory between them or at its start.
func guarded(t *testing.T, n int, atEnd bool) []float32 {
	page := os.Getpagesize()
	inside := ceil(n*size, page) * page
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
	x := unsafe.Slice((*float32)(unsafe.Pointer(&memory[page])), inside/size)
	if atEnd {
		return x[len(x)-n:]
	}
	return x[:n]
}

// A kernel that reads or writes beside a matrix ends the process here.
func TestNothingBesideTheMatricesIsTouched(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	for _, kernels := range levels() {
		for range 40 {
			m, n, k, flags := 1+random.IntN(60), 1+random.IntN(90), 1+random.IntN(60), random.IntN(8)
			for i := range plans(kernels, newSample(random, m, n, k, flags, 0, 0).problem()) {
				for _, atEnd := range []bool{false, true} {
					s := newSample(random, m, n, k, flags, random.IntN(3), 0)
					for _, x := range []*[]float32{&s.a, &s.b, &s.c} {
						y := guarded(t, len(*x), atEnd)
						copy(y, *x)
						*x = y
					}
					q := plans(kernels, s.problem())[i]
					w := new(workspace)
					w.fit(&q)
					q.block(w, 0, q.m, 0, q.n)
				}
			}
		}
	}
}
