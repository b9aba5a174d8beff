package protocol

import (
	"context"
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"ergon/theory"
)

// course is how learning proceeds, predicted or simulated, at the times of the rows.
type course struct {
	times    []float64
	distance []float64 // e
	rate     []float64 // η
	share    []float64 // p
	m0, m1   []float64 // M0/N and M1/√N per synapse, since the start
	cost     []float64
	grain    float64 // of a simulation: 1/N², of which m0 is a multiple
	slopes   totals  // of a simulation: what is paid per fall of e at its end
	missing  float64 // of a simulation: e at its end, less the one to be reached
}

func newCourse(rows int) *course {
	all := theory.NewMatrix(7, rows)
	return &course{times: all[0], distance: all[1], rate: all[2], share: all[3], m0: all[4], m1: all[5], cost: all[6]}
}

// curves returns the columns of the table. Rates and shares are the same in simulations, which
// are given them.
func (c *course) curves(simulated []*course) []theory.Curve {
	curves := []theory.Curve{
		{Name: "e", Predicted: c.distance}, {Name: "eta", Predicted: c.rate}, {Name: "p", Predicted: c.share},
		{Name: "m0", Predicted: c.m0}, {Name: "m1", Predicted: c.m1}, {Name: "cost", Predicted: c.cost},
	}
	for _, s := range simulated {
		curves[0].Simulated = append(curves[0].Simulated, s.distance)
		curves[3].Simulated, curves[3].Grain = append(curves[3].Simulated, s.m0), s.grain
		curves[4].Simulated = append(curves[4].Simulated, s.m1)
	}
	return curves
}

// levels are the e of the rows, from the start to the target in equal ratios.
func (p *Protocol) levels() []float64 {
	levels := make([]float64, p.Points+1)
	for i := range levels {
		levels[i] = p.Start * math.Pow(p.Target/p.Start, float64(i)/float64(p.Points))
	}
	return levels
}

// totals are those of the whole protocol.
func (p *Protocol) totals() totals { return p.between(p.Target, p.Start) }

// between integrates what learning from the distance high to low costs, over ln e, by Gauss
// and Legendre's rule with 32 points for each factor 2 of e: exact to rounding. Where
// η = 0, m1 is that of η → 0 and the others are infinite.
func (p *Protocol) between(low, high float64) totals {
	if low == high {
		return totals{}
	}
	span := math.Log(high / low)
	pieces := int(span/math.Ln2) + 1
	integral := func(part func(totals) float64) (sum float64) {
		for i := range pieces {
			from, to := math.Log(low)+span*float64(i)/float64(pieces), math.Log(low)+span*float64(i+1)/float64(pieces)
			sum += quad.Fixed(func(x float64) float64 {
				e := math.Exp(x)
				return e * part(p.perFall(e, p.at(e)))
			}, from, to, 32, quad.Legendre{}, 1)
		}
		return sum
	}
	return p.price(totals{
		m0:   integral(func(t totals) float64 { return t.m0 }),
		m1:   integral(func(t totals) float64 { return t.m1 }),
		time: integral(func(t totals) float64 { return t.time }),
	})
}

// perFall is what it costs to lower e, per unit of e, with a control.
func (p *Protocol) perFall(e float64, c control) totals {
	v := p.variance(e)
	gain := c.clock * (2*e - c.rate*v) // -de/dt over η
	return p.price(totals{
		m0: c.share / (c.rate * gain), m1: c.size * math.Sqrt(v) / gain, time: 1 / (c.rate * gain),
	})
}

// presentations returns how many of them precede each row of a course that takes so long.
func (p *Protocol) presentations() []int {
	counts := make([]int, p.Points+1)
	for i, e := range p.levels() {
		counts[i] = int(math.Round(p.between(e, p.Start).time * float64(p.N)))
	}
	return counts
}

// follow integrates the protocol in time, up to the presentation at which the target is
// reached. The rows are at whole presentations.
func (p *Protocol) follow(ctx context.Context) (*course, error) {
	c := newCourse(p.Points + 1)
	for i, count := range p.presentations() {
		c.times[i] = float64(count) / float64(p.N)
	}
	solution, err := theory.SolveODE(ctx, func(_ float64, y, slope []float64) {
		e := max(y[0], 0)
		now := p.at(e)
		paid := p.flow(e, now)
		slope[0], slope[1], slope[2] = p.fall(e, now), paid.m0, paid.m1
	}, []float64{p.Start, 0, 0}, c.times, 1e-11)
	if err != nil {
		return nil, err
	}
	for i, y := range solution {
		now := p.at(y[0])
		c.distance[i], c.rate[i], c.share[i], c.m0[i], c.m1[i] = y[0], now.rate, now.share, y[1], y[2]
		c.cost[i] = p.price(totals{m0: y[1], m1: y[2], time: c.times[i]}).cost
	}
	return c, nil
}

// fall is de/dt.
func (p *Protocol) fall(e float64, c control) float64 {
	return -c.clock * c.rate * (2*e - c.rate*p.variance(e))
}

// flow is what a unit of t costs.
func (p *Protocol) flow(e float64, c control) totals {
	return p.price(totals{m0: c.share, m1: c.rate * c.size * math.Sqrt(p.variance(e)), time: 1})
}
