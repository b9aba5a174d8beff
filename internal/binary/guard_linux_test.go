package binary

import (
	"testing"

	"ergon/internal/guarded"
)

// A kernel that reads or writes beside a matrix ends the process here.
func TestNothingBesideTheMatricesIsTouched(t *testing.T) {
	for name, level := range levels() {
		for _, shape := range append(shapes, [3]int{100, 32, 64}, [3]int{9, 65, 97}) {
			for flags := range 4 {
				p := sample(shape[0], shape[1], shape[2])
				p.Accumulate = flags&1 != 0
				for _, x := range []*[]float32{&p.A, &p.B, &p.C} {
					*x = guarded.Copy(t, *x, flags&2 != 0)
				}
				want, bound := p.exact()
				mustRun(t, p.compile(level, nil))
				p.within(t, name, want, bound)
			}
		}
	}
}
