package masks

import "math"

// Within returns the part of an update Δw = delta that leaves a weight w within ±bound, the range
// of its device. A weight that lies outside comes back to the bound.
func Within(w, delta, bound float32) float32 {
	switch moved := w + delta; {
	case moved > bound:
		return upTo(w, bound)
	case moved < -bound:
		return -upTo(-w, bound)
	}
	return delta
}

// upTo returns a delta with w + delta ≤ bound, as float32 adds: bound - w, or the number below it
// where the sum of these would be rounded beyond; 0 where w is the last weight before the bound.
func upTo(w, bound float32) float32 {
	if w == math.Nextafter32(bound, 0) {
		return 0 // rounding may leave it there
	}
	delta := bound - w
	if w+delta > bound { // rounding must not carry it beyond
		delta = math.Nextafter32(delta, float32(math.Inf(-1)))
	}
	return delta
}
