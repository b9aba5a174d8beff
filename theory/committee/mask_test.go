package committee

import (
	"fmt"
	"math"
	"testing"

	"ergon/internal/philox"
)

// share is how often something happened, and how often it was expected to.
type share struct{ expected, counted float64 }

// What masks draw has the expectations that they state.
func TestMasksDrawWhatTheyExpect(t *testing.T) {
	const steps, k, n, p = 4000, 3, 100, 0.7
	for name, mask := range Masks {
		m, drawn, stream := mask(p), NewDrawn(k, n), philox.New(1, "committee/test/mask")
		shares := map[string]*share{}
		count := func(expected float64, happened bool, what ...any) {
			s := shares[fmt.Sprint(what...)]
			if s == nil {
				s = &share{expected: expected}
				shares[fmt.Sprint(what...)] = s
			}
			if happened {
				s.counted++
			}
		}
		for step := range uint64(steps) {
			m.Draw(stream, step, drawn)
			j := step % n
			plastic := func(i int) bool {
				return drawn.Units[i] && (drawn.Inputs[i] == nil || drawn.Inputs[i][j/64]>>(j%64)&1 == 1)
			}
			r := drawn.Present
			for i := range k {
				count(m.Linear(i, Outside), plastic(i), "M", i)
				count(m.Linear(i, Outside), drawn.Second[i], "second M", i)
				for a := range k {
					b := (a + i) % k
					count(m.Linear(i, a), plastic(i) && r[a], "Mr", i, a)
					count(m.Quadratic(i, a, Outside, Outside), plastic(i) && plastic(a), "MM", i, a)
					count(m.Quadratic(i, a, a, b), plastic(i) && plastic(a) && r[a] && r[b], "MMrr", i, a, a, b)
				}
			}
		}
		for what, s := range shares {
			deviation := math.Sqrt(s.expected*(1-s.expected)/steps) + 1e-9
			if got := s.counted / steps; math.Abs(got-s.expected) > 4*deviation {
				t.Errorf("%s: %s has the share %.4f, want %.4f ± %.4f", name, what, got, s.expected, deviation)
			}
		}
	}
}
