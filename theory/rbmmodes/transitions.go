package rbmmodes

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"ergon/theory"
)

// event is what a course may have at a point of it, or between two.
type event struct {
	name  string
	mode  int                   // that orders
	place func(*course) float64 // NaN if the course does not have it
}

// events are the peak of χ, and that a coupling reaches 1, each in its turn.
func (r *RBMModes) events() []event {
	all := []event{{"χ peaks", 0, (*course).peak}}
	for k := range r.Strengths {
		all = append(all, event{fmt.Sprintf("s%d = 1", k+1), k, func(c *course) float64 { return c.crossing(k) }})
	}
	return all
}

// transitionRows are the rows of transitions: for each mask, a row for each event.
func (r *RBMModes) transitionRows(d *data, courses [][]*course) (rows [][]theory.Quantity, labels []string) {
	var whole []*course
	if none := slices.Index(r.Masks, "none"); none >= 0 {
		whole = courses[none]
	}
	for n, mask := range r.Masks {
		for _, e := range r.events() {
			rows = append(rows, r.transitionRow(d, mask, e, courses[n], whole))
			labels = append(labels, mask+", "+e.name)
		}
	}
	return rows, labels
}

// transitionRow is the row of an event. Ratios are those of the same machine under the mask and
// without, and not known if none is not among the masks.
func (r *RBMModes) transitionRow(d *data, mask string, e event, courses, whole []*course) []theory.Quantity {
	p := r.share(mask)
	updates, m0, m1 := r.predictedTransition(d, mask, e)
	row := []theory.Quantity{
		theory.Value("p", p), theory.Value("updates", updates), theory.Value("m0", p*updates),
		theory.Value("m0_ratio", m0), theory.Value("m1_ratio", m1),
	}
	if r.Simulate == 0 {
		return row
	}
	at, without := e.along(courses), e.along(whole)
	row = append(row, theory.Value("machines_simulated", float64(len(known(at.m0)))))
	row = append(row, measured("s1", at.s)...)
	row = append(row, measured("rank_one", r.rankOnePeaks(d, e, courses))...)
	row = append(row, measured("updates", at.updates)...)
	row = append(row, measured("m0", at.m0)...)
	row = append(row, measured("m1", at.m1)...)
	row = append(row, measured("m0_ratio", ratios(at.m0, without.m0))...)
	return append(row, measured("m1_ratio", ratios(at.m1, without.m1))...)
}

// predictedTransition returns at which update linear growth reaches s = 1, and by which factor M0 and
// M1 are then other ones than without a mask, to leading order.
//
// Under a mask for each synapse small steps of all of them add up to more than whole steps of some:
//
//	M0 ∝ p·t ∝ p/ln(1 + pελ/4) ≈ 4/ελ·(1 + pελ/8).
//
// The synapses of a hidden unit that share a mask grow by whole steps, as without one. The largest updates
// are those of the hidden units with the largest z: the others are left behind, and growth is that
// without a mask.
func (r *RBMModes) predictedTransition(d *data, mask string, e event) (updates, m0, m1 float64) {
	p := r.share(mask)
	clock := p
	if mask == "competitive" {
		clock = 1
	}
	updates, m0, m1 = unknown, unknown, unknown
	if e.name != "χ peaks" && (clock == p || e.mode == 0) {
		updates = r.crossing(d, e.mode, clock)
	}
	if e.mode > 0 || d.growth[0] <= 0 {
		return updates, m0, m1
	}
	switch mask {
	case "competitive":
		return updates, p, largest(p)
	case "neurons":
		return updates, 1, 1
	}
	return updates, p * r.crossing(d, 0, p) / r.crossing(d, 0, 1), 1
}

// largest returns by which factor Σ|z|/|z|, to which M1 is proportional at a given s, is smaller if of
// many hidden units with Gaussian z only the share p of the largest takes part:
//
//	Σ|z| ∝ 2φ(a),   Σz² ∝ 2aφ(a) + p,   where p of |z| lie above a.
func largest(p float64) float64 {
	a := math.Sqrt2 * math.Erfcinv(p)
	density := math.Exp(-a*a/2) / math.Sqrt(2*math.Pi)
	return 2 * density / math.Sqrt(2*a*density+p) / theory.MeanAbsNormal
}

// places are what machines have at an event, NaN where they do not have it.
type places struct{ updates, m0, m1, s []float64 }

// along returns what machines have at the event. M1 grows as weights do, and so does its
// logarithm between two points.
func (e event) along(courses []*course) (p places) {
	for _, c := range courses {
		at := e.place(c)
		logarithms := make([]float64, len(c.m1))
		for i, m1 := range c.m1 {
			logarithms[i] = math.Log(m1)
		}
		p.updates = append(p.updates, interpolate(c.updates, at))
		p.m0 = append(p.m0, interpolate(c.m0, at))
		p.m1 = append(p.m1, math.Exp(interpolate(logarithms, at)))
		p.s = append(p.s, interpolate(c.s[0], at))
	}
	return p
}

// ratios returns the quotients of numbers of the same machines, none if there is nothing to
// divide by.
func ratios(numerators, denominators []float64) []float64 {
	if len(denominators) == 0 {
		return nil
	}
	return floats.DivTo(make([]float64, len(numerators)), numerators, denominators)
}

// rankOnePeaks returns for each machine that has the peak of χ at which s a machine of the first
// mode alone has it whose hidden units take part in the mode as they do here. It is
// nothing of other events.
func (r *RBMModes) rankOnePeaks(d *data, e event, courses []*course) []float64 {
	peaks := make([]float64, len(courses))
	for i, c := range courses {
		peaks[i] = math.NaN()
		if at := c.peak(); e.name == "χ peaks" && !math.IsNaN(at) {
			peaks[i] = d.rankOnePeak(d.weighted(0), c.leading[int(math.Round(at))])
		}
	}
	return peaks
}
