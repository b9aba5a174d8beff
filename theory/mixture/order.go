package mixture

// order are the order parameters up to the present time t: m(s), C(t, s), R(t, s).
type order struct {
	m           []float64
	correlation [][]float64 // [t][s ≤ t]
	response    [][]float64 // [t][s < t]
}

// newOrder returns the order parameters of the start.
func newOrder(p *Problem) *order {
	return &order{
		m:           []float64{p.M0},
		correlation: [][]float64{{p.R + p.M0*p.M0}},
		response:    [][]float64{{}},
	}
}

// c returns C(t, s) in any order of its times.
func (o *order) c(t, s int) float64 { return o.correlation[max(t, s)][min(t, s)] }

// r returns R(t, s), 0 from s = t on.
func (o *order) r(t, s int) float64 {
	if s >= t {
		return 0
	}
	return o.response[t][s]
}

// pull is what acts on the weights at time t: the gradient of a weight is
//
//	G(t) = Σ_{s≤t} A(t, s)·w(s) + μ·v + ξ(t),   A = λ·δ_ts + Γ,
//
// with v its weight in v* and ξ Gaussian of covariance M_C.
type pull struct {
	a      []float64   // A(t, s), s ≤ t
	mu     float64     // with the problem's drive
	forces [][]float64 // M_C(u, s) of all times so far
	factor []float64   // of M_C, the row of t; nil: not asked for
}

// linear is the exact evolution of the second moments of weights that are not
// clipped. The mask enters as an effective rate p·η, and at equal times by the
// noise η²·p(1-p)⟨G²⟩:
//
//	m(t+1)      = m(t) - ηp·⟨G·v⟩
//	C(t+1, s)   = C(t, s) - ηp·⟨G·w(s)⟩
//	C(t+1, t+1) = C(t, t) - 2ηp·⟨G·w(t)⟩ + η²p·⟨G²⟩
//	R(t+1, s)   = R(t, s) - ηp·Σ_{s<u≤t} A(t, u)·R(u, s),   R(t+1, t) = ηp
type linear struct {
	*order
	pull
	t      int
	noises []float64 // X(t, s) = ⟨ξ(t)·w(s)⟩ = -Σ_{u<s} R(s, u)·M_C(t, u)
}

// newLinear prepares the step from time t.
func newLinear(o *order, act pull) *linear {
	l := &linear{order: o, pull: act, t: len(act.a) - 1}
	l.noises = make([]float64, l.t+1)
	for s := range l.noises {
		for u := range s {
			l.noises[s] -= o.response[s][u] * act.forces[l.t][u]
		}
	}
	return l
}

// overlap is ⟨G·v⟩.
func (l *linear) overlap() (sum float64) {
	for u, a := range l.a {
		sum += a * l.m[u]
	}
	return sum + l.mu
}

// product is ⟨G·w(s)⟩.
func (l *linear) product(s int) float64 {
	sum := l.mu*l.m[s] + l.noises[s]
	for u, a := range l.a {
		sum += a * l.c(u, s)
	}
	return sum
}

// square is ⟨G²⟩.
func (l *linear) square() float64 {
	sum := l.mu*l.overlap() + l.forces[l.t][l.t]
	for s, a := range l.a {
		sum += a * (l.product(s) + l.noises[s])
	}
	return sum
}

// step moves the order parameters on, at an effective rate p·η.
func (l *linear) step(eta, p float64) {
	rate, t := eta*p, l.t
	row := make([]float64, t+2)
	for s := range t + 1 {
		row[s] = l.c(t, s) - rate*l.product(s)
	}
	row[t+1] = l.c(t, t) - 2*rate*l.product(t) + eta*rate*l.square()
	answers := make([]float64, t+1)
	for s := range t {
		answers[s] = l.r(t, s)
		for u := s + 1; u <= t; u++ {
			answers[s] -= rate * l.a[u] * l.response[u][s]
		}
	}
	answers[t] = rate
	l.add(l.m[t]-rate*l.overlap(), row, answers)
}

// add adds the order parameters of the next time.
func (o *order) add(m float64, correlation, response []float64) {
	o.m = append(o.m, m)
	o.correlation = append(o.correlation, correlation)
	o.response = append(o.response, response)
}
