package masks

// Within returns the part of an update Δw = delta that leaves a weight w within ±bound, the range
// of its device. A weight that lies outside comes back to the bound.
func Within(w, delta, bound float32) float32 {
	switch moved := w + delta; {
	case moved > bound:
		return bound - w
	case moved < -bound:
		return -bound - w
	}
	return delta
}
