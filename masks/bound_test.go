package masks

import (
	"math/rand/v2"
	"testing"
)

// No update leads beyond a bound, whatever float32 can hold of it, and one that pushes a weight
// outward that it led there is no change.
func TestWithin(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, bound := range []float32{0.1, 0.5, 0.6, 0.7, 1, 3.3} {
		for range 100000 {
			w, push := (2*random.Float32()-1)*bound, random.Float32()*4*bound
			for _, sign := range []float32{1, -1} {
				at := w + Within(w, sign*push, bound)
				if at > bound || at < -bound {
					t.Fatalf("bound %v: %v pushed by %v comes to %v", bound, w, sign*push, at)
				}
				for range 2 {
					at += Within(at, sign*bound, bound)
				}
				if again := Within(at, sign*bound, bound); again != 0 {
					t.Fatalf("bound %v: %v is pushed on by %v", bound, at, again)
				}
			}
		}
		if got := 2*bound + Within(2*bound, 0, bound); got != bound {
			t.Errorf("bound %v: a weight outside comes to %v", bound, got)
		}
		if got := Within(bound/2, bound/8, bound); got != bound/8 {
			t.Errorf("bound %v: a step inside becomes %v", bound, got)
		}
	}
}
