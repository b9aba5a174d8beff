package theory_test

import (
	"testing"

	"ergon/theory"
)

// Labels of an axis tell its ticks apart, however close they are.
func TestShortTicksDiffer(t *testing.T) {
	for _, ends := range [][2]float64{{1, 1.117}, {0, 57.8}, {1.0002, 1.0011}} {
		labels := map[string]bool{}
		for _, tick := range (theory.ShortTicks{}).Ticks(ends[0], ends[1]) {
			if !tick.IsMinor() && labels[tick.Label] {
				t.Errorf("%v: two ticks are called %q", ends, tick.Label)
			}
			labels[tick.Label] = true
		}
	}
}
