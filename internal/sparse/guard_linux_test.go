package sparse

import (
	"math/rand/v2"
	"testing"

	"ergon/internal/guarded"
)

// A kernel that reads or writes beside a matrix ends the process here.
func TestNothingBesideTheMatricesIsTouched(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	for range 15 {
		m, n, k := 1+random.IntN(150), 1+random.IntN(150), 1+random.IntN(150)
		for flags := range 8 {
			checkGuarded(t, m, n, k, flags)
		}
	}
	for n := 1; n <= 130; n++ { // panels of all widths
		for flags := range 4 {
			checkGuarded(t, 5, n, 9, flags|4)
			checkGuarded(t, 3*chunk+1, n, 9, flags|4) // so many chunks that panels are not cut further
		}
	}
}

func checkGuarded(t *testing.T, m, n, k, flags int) {
	t.Helper()
	for _, w := range waysOf(Product{TransA: flags&1 != 0}) {
		p := sample(m, n, k, flags&1 != 0, 0.3)
		p.Accumulate = flags&2 != 0
		for _, x := range []*[]float32{&p.A, &p.B, &p.C} {
			*x = guarded.Copy(t, *x, flags&4 != 0)
		}
		want := p.want()
		p.compile(w, nil)()
		p.compare(t, w, want)
	}
}
