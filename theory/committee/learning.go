package committee

// Learning is the task and how it is learned, the same for the equations of
// motion and for a simulation.
type Learning struct {
	Activation Activation // of student and teacher
	Mask       Mask
	Rate       float64     // η
	SecondRate float64     // η_v; 0: the second layer stays
	Decay      float64     // κ of the first layer's weights
	Noise      float64     // σ of the labels
	T          [][]float64 // [M][M], overlaps of the teacher's units
	A          []float64   // [M], the teacher's second layer
	Points     int         // of averages over fields, for masks that cut, a power of 2; 0: CubaturePoints
}

// Orthonormal returns the overlaps of m units that are orthogonal, |B|² = N.
func Orthonormal(m int) [][]float64 {
	t := newCovariance(m)
	for n := range t {
		t[n][n] = 1
	}
	return t
}

// Covariance returns that of the fields in a state.
func (l *Learning) Covariance(s State) Covariance {
	c := newCovariance(len(s.Q) + len(l.A))
	c.fill(s, l.T)
	return c
}

// Error returns the generalisation error ε = ½⟨(Σ A g(ρ) - Σ v g(λ))²⟩ in a state,
// with the student's output as it is in a test.
func (l *Learning) Error(s State) float64 {
	return misfit(l.Activation, l.Covariance(s), l.weigh(nil, s, l.Mask.Test()))
}

// weigh appends to shares the weights s_a with which all units enter the error
// Δ = Σ_a s_a g(a): -v, times a factor, for the student's and A for the teacher's.
func (l *Learning) weigh(shares []float64, s State, factor float64) []float64 {
	for _, v := range s.V {
		shares = append(shares, -factor*v)
	}
	return append(shares, l.A...)
}

// misfit is ½ Σ_ab s_a s_b I2(a, b).
func misfit(g Activation, c Covariance, shares []float64) (sum float64) {
	for a, one := range shares {
		sum += one * one * g.I2(c, a, a) / 2
		for b := range a {
			sum += one * shares[b] * g.I2(c, a, b)
		}
	}
	return sum
}
