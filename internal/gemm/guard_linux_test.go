package gemm

import (
	"math/rand/v2"
	"testing"

	"ergon/internal/guarded"
)

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
						*x = guarded.Copy(t, *x, atEnd)
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
