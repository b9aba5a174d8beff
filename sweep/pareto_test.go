package sweep

import (
	"slices"
	"testing"

	"ergon/internal/philox"
)

// A point is on the front if, of all points sorted by accuracy, falling, it is
// as cheap as the cheapest of its accuracy and cheaper than all before: another
// way to say it, on points few enough in values that ties are common.
func TestFrontAgainstSorting(t *testing.T) {
	stream := philox.New(1, "test/pareto")
	for trial := range uint64(500) {
		n := 1 + stream.Intn(trial, 0, 9)
		accuracy, cost := make([]float64, n), make([]float64, n)
		for i := range n {
			accuracy[i] = float64(stream.Intn(trial, uint64(1+2*i), 4))
			cost[i] = float64(stream.Intn(trial, uint64(2+2*i), 5))
		}
		want := make([]bool, n)
		best := 1e9
		for level := 3.0; level >= 0; level-- {
			cheapest := 1e9
			for i := range n {
				if accuracy[i] == level {
					cheapest = min(cheapest, cost[i])
				}
			}
			for i := range n {
				want[i] = want[i] || accuracy[i] == level && cost[i] == cheapest && cheapest < best
			}
			best = min(best, cheapest)
		}
		if got := front(accuracy, cost); !slices.Equal(got, want) {
			t.Fatalf("accuracy %v, cost %v: got %v, want %v", accuracy, cost, got, want)
		}
	}
}
