package committee

// State is where learning stands: the overlaps and the second layer.
type State struct {
	Q    [][]float64 // [K][K], Q_ik = w_i·w_k/N, symmetric
	R    [][]float64 // [K][M], R_in = w_i·B_n/N
	V    []float64   // [K], the second layer
	Work []float64   // [1], Σ|Δw|² of all steps so far, over ηN: the work done on the first layer, in units of the loss, for each input
	M0   []float64   // [1], changes of a synapse of the first layer so far, by the gradient, over N; the mean over all

	all []float64 // the memory of them all
}

// NewState returns a state of k units that learn from m, all zero.
func NewState(k, m int) State {
	all := make([]float64, k*k+k*m+k+2)
	s := State{all: all}
	cut := func(n int) (part []float64) {
		part, all = all[:n:n], all[n:]
		return part
	}
	for range k {
		s.Q = append(s.Q, cut(k))
	}
	for range k {
		s.R = append(s.R, cut(m))
	}
	s.V, s.Work, s.M0 = cut(k), cut(1), cut(1)
	return s
}

// Clone returns a state of its own with the same values.
func (s State) Clone() State {
	other := NewState(len(s.Q), len(s.R[0]))
	copy(other.all, s.all)
	return other
}

// Set copies the values of a state of the same size.
func (s State) Set(other State) { copy(s.all, other.all) }

// move adds h times a derivative to from.
func (s State) move(from State, h float64, derivative State) {
	for i, d := range derivative.all {
		s.all[i] = from.all[i] + h*d
	}
}
