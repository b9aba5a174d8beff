package committee

// Equations are the equations of motion of the overlaps in t = steps/N. With the
// error Δ = Σ_a s_a g(a) over all units a, s = -v for the student's and A for the
// teacher's, and the averages of [Activation] and [Mask],
//
//	dR_in/dt = η v_i F(i,n) - κ E[M_i] R_in,
//	dQ_ik/dt = η [v_i F(i,k) + v_k F(k,i)] - 2κ E[M_i] Q_ik + η² v_i v_k S(i,k),
//	dv_i/dt  = η_v Σ_a s_a E[M_i r_a] I2(i,a),
//
//	F(i,b) = Σ_a s_a E[M_i r_a] I3(i,b,a),
//	S(i,k) = Σ_ab s_a s_b E[M_i M_k r_a r_b] I4(i,k,a,b) + σ² E[M_i M_k] J2(i,k):
//
// F is the mean gradient, seen along field b, and S the noise of a step's, which
// also does the work dW/dt = η Σ_i v_i² S(i,i). The mask enters linear terms by
// its mean and S by its second moments. Masks whose cuts depend on the fields
// ([Cutting]) have averages over these instead, see [Equations.cut].
//
// Equations hold the memory of a derivative and are not for use at the same time.
type Equations struct {
	Learning
	c        Covariance
	shares   []float64
	slopes   []State // of the steps of an integration
	from     State
	cubature *cubature // for a mask that cuts, else nil
}

// NewEquations returns the equations of k units that learn.
func NewEquations(l Learning, k int) *Equations {
	m := len(l.A)
	e := &Equations{Learning: l, c: newCovariance(k + m), from: NewState(k, m)}
	for range 4 {
		e.slopes = append(e.slopes, NewState(k, m))
	}
	if _, ok := l.Mask.(Cutting); ok {
		e.cubature = newCubature(k, m, l.Noise > 0, l.Points)
	}
	return e
}

// Error is the learning's, without allocating.
func (e *Equations) Error(s State) float64 {
	e.c.fill(s, e.T)
	e.shares = e.weigh(e.shares[:0], s, e.Mask.Test())
	return misfit(e.Activation, e.c, e.shares)
}

// unit is the place of unit a in a mask.
func (e *Equations) unit(a int) int {
	if a < len(e.from.Q) {
		return a
	}
	return Outside
}

// Derivative writes the time derivative of a state.
func (e *Equations) Derivative(s, to State) {
	e.c.fill(s, e.T)
	if mask, ok := e.Mask.(Cutting); ok {
		e.cut(mask, s, to)
		return
	}
	e.shares = e.weigh(e.shares[:0], s, 1)
	to.M0[0] = e.Mask.Share() * e.Activation.Active()
	decay := e.Decay * e.Mask.Decay()
	to.Work[0] = 0
	for i, v := range s.V {
		for n := range s.R[i] {
			to.R[i][n] = e.Rate*v*e.pull(i, len(s.Q)+n) - decay*s.R[i][n]
		}
		for k := range i + 1 {
			spread := e.spread(i, k)
			to.Q[i][k] = e.Rate*(v*e.pull(i, k)+s.V[k]*e.pull(k, i)) - 2*decay*s.Q[i][k] + e.Rate*e.Rate*v*s.V[k]*spread
			to.Q[k][i] = to.Q[i][k]
			if i == k {
				to.Work[0] += e.Rate * v * v * spread
			}
		}
		to.V[i] = e.SecondRate * e.second(i)
	}
}

// pull is F(i,b).
func (e *Equations) pull(i, b int) (sum float64) {
	for a, share := range e.shares {
		sum += share * e.Mask.Linear(i, e.unit(a)) * e.Activation.I3(e.c, i, b, a)
	}
	return sum
}

// spread is S(i,k).
func (e *Equations) spread(i, k int) float64 {
	sum := e.Noise * e.Noise * e.Mask.Quadratic(i, k, Outside, Outside) * e.Activation.J2(e.c, i, k)
	for a, one := range e.shares {
		for b, other := range e.shares[:a+1] {
			term := one * other * e.Mask.Quadratic(i, k, e.unit(a), e.unit(b)) * e.Activation.I4(e.c, i, k, a, b)
			if a != b {
				term *= 2
			}
			sum += term
		}
	}
	return sum
}

// second is Σ_a s_a E[M_i r_a] I2(i,a).
func (e *Equations) second(i int) (sum float64) {
	if e.SecondRate == 0 {
		return 0
	}
	for a, share := range e.shares {
		sum += share * e.Mask.Linear(i, e.unit(a)) * e.Activation.I2(e.c, i, a)
	}
	return sum
}
