package cpu

import "ergon/internal/simd"

// The gradient of a span, wherever it is: in memory, or in the factors of a single
// presentation, x ⊗ dz.

// single reports whether the gradient is that of a single presentation, and not computed.
func (a *array) single() bool { return a.Factored() && len(a.x) == a.In }

// need computes the gradient, unless it can be formed span by span.
func (a *array) need() error {
	if a.single() {
		return nil
	}
	return a.Write()
}

// gradient returns the gradient of a span: of all its synapses, or of those listed. It may be in
// memory of work, and must not be modified.
func (a *array) gradient(s span, work *scratch) []float32 {
	g := work.g[:s.size()]
	switch {
	case s.listed && a.Factored():
		a.formAt(s.kept, g)
	case s.listed:
		for n, i := range s.kept {
			g[n] = a.Gradient[i]
		}
	case a.Factored():
		a.form(s.lo, g)
	default:
		return a.Gradient[s.lo:s.hi]
	}
	return g
}

// form writes the products x·dz of synapses lo … lo+len(g)-1 to g: the bits of the gradient
// written out, zeros with their signs.
func (a *array) form(lo int, g []float32) {
	for row, column := lo/a.Out, lo%a.Out; len(g) > 0; row, column = row+1, 0 {
		n := min(a.Out-column, len(g))
		simd.Scale(g[:n], a.dz[column:], a.x[row])
		g = g[n:]
	}
}

// formAt is form of the synapses kept.
func (a *array) formAt(kept []int32, g []float32) {
	row, end := 0, a.Out
	for n, i := range kept {
		if int(i) >= end {
			row = int(i) / a.Out
			end = (row + 1) * a.Out
		}
		g[n] = a.x[row] * a.dz[int(i)-end+a.Out]
	}
}
