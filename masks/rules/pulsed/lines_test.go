package pulsed

import (
	"testing"

	"ergon/internal/philox"
)

// A train of a few slots is the beginning of one of many.
func TestTrainsOfFewSlots(t *testing.T) {
	s := philox.New(1, "test")
	for line := range uint64(100) {
		threshold := philox.Threshold(float64(line) / 99)
		whole := train(s, 5, line, threshold, 63)
		for slots := range 63 {
			if got, want := train(s, 5, line, threshold, slots), whole&(1<<slots-1); got != want {
				t.Fatalf("line %d, %d slots: %b, want %b", line, slots, got, want)
			}
		}
	}
}
