package measure

import "ergon/internal/state"

// State implements state.Stateful. An Activity is of the last evaluation.
func (a *Activity) State(v state.Visitor) {
	v.JSON("presentations", &a.presentations)
	v.JSON("counts", &a.counts)
}

// State implements state.Stateful. Answers are those of the last evaluation. nil has no
// state.
func (a *Answers) State(v state.Visitor) {
	if a != nil {
		v.JSON("counts", &a.counts)
	}
}

// State implements state.Stateful. nil has no state.
func (g *Gradients) State(v state.Visitor) {
	if g == nil {
		return
	}
	state.Under(v, "all", &g.all)
	state.Under(v, "period", &g.period)
	state.Under(v, "last", &g.last)
}

// State implements state.Stateful.
func (p *Pool) State(v state.Visitor) {
	v.JSON("presentations", &p.Presentations)
	state.Float64(v, "mean_squares", &p.meanSquares)
	state.Float64(v, "trace_variances", &p.traceVariances)
}

// State implements state.Stateful. nil has no state.
func (s *Synapses) State(v state.Visitor) {
	if s == nil {
		return
	}
	v.JSON("steps", &s.steps)
	v.JSON("rows", &s.rows)
	state.Float64Arrays(v, "square", s.square)
	state.Float64Arrays(v, "magnitude", s.magnitude)
	state.Float64Arrays(v, "rate", s.rate)
}

// State implements state.Stateful.
func (w *Work) State(v state.Visitor) {
	v.JSON("steps", &w.steps)
	state.Float64(v, "dissipated", &w.dissipated)
	state.Float64(v, "rates", &w.rates)
}
