// Package protocol is the theory called protocol: the learning rates by which a linear
// student reaches an error at the least price.
package protocol

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// Protocol is the cheapest course of learning rates of a linear student that sees each
// presentation once. Its N weights learn y = w*·x/√N + s·ξ, x ~ N(0,I), by
//
//	Δw = -η/√N · δ·x on the synapses that are selected,   δ = w·x/√N - y.
//
// With v = e + s², the variance of δ, the distance e = |w - w*|²/N follows, in the time
// t = presentations/N,
//
//	de/dt = -a·(2ηe - η²v).
//
// A unit of t changes p·N of a synapse's bits of memory by √N·η·b√v in all: M0 = p·N,
// M1 = √N·ηb√v ([moments] has a, p and b of each selection). At the prices c₀ of M0/N, c₁
// of M1/√N and c_T of t, learning from e₀ to e costs
//
//	∫ (c₀p + c_T + c₁ηb√v)/(a·(2ηe - η²v)) de   from e to e₀.
//
// Since e falls all the way, the cheapest η is that of each e on its own:
//
//	η(e) = [-Hv + √(H²v² + 2kHve)]/(kv),   H = c₀p + c_T,   k = c₁b√v,
//
// which is e/v for k = 0, where M0/N = (p/a)·[ln(e₀/e) + s²(1/e - 1/e₀)], and tends to 0
// for H = 0: slow learning has the least M1, (√N·b/a)·∫ √v/(2e) de.
type Protocol struct {
	Noise    float64 `key:"s" doc:"deviation of the labels' noise" in:"[0,1000]"`
	Start    float64 `key:"e0" doc:"e at the start" in:"(0,1000000]"`
	Target   float64 `key:"e" doc:"e that is to be reached, below e0" in:"(0,1000000)"`
	Change   float64 `key:"change" doc:"price of M0/n, changes per synapse over n" in:"[0,inf)"`
	Amount   float64 `key:"amount" doc:"price of M1/√n, amount of change per synapse over √n" in:"[0,inf)"`
	Duration float64 `key:"time" doc:"price of t, presentations over n, and of what each of them costs whatever changes" in:"[0,inf)"`
	Select   string  `key:"select" doc:"random: any synapses; top: those of the largest |x|; gate: all, where |δ| is large" oneof:"random|top|gate"`
	Share    float64 `key:"p" doc:"share of synapses that changes, per presentation; 0: the cheapest at each e, which wants a price of time" in:"[0,1]"`
	Constant float64 `key:"eta" doc:"constant learning rate to compare with; 0: the best" in:"[0,2)"`
	Points   int     `key:"points" doc:"rows of the table after the first, their e in equal ratios" in:"[1,10000]"`
	Simulate int     `key:"simulate" doc:"simulated students of the protocol, and as many of the constant rate; 0: prediction alone" in:"[0,100000]"`
	N        int     `key:"n" doc:"weights of a simulation" in:"[2,10000000]"`
	Seed     uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Protocol)(nil)

func init() {
	theory.Theories.Register("protocol", schema.Doc{
		Summary: "the learning rates that reach an error at the least M0, M1, time or price of the three",
		Source:  "derived here: Pontryagin's principle, pointwise since the error falls all the way",
	}, func() theory.Theory {
		return &Protocol{
			Noise: 0.5, Start: 1, Target: 0.05, Change: 1, Select: "random", Share: 1, Points: 40, N: 1000,
		}
	})
}

const (
	leastShare        = 1e-6 // chosen shares below are refused
	mostPresentations = 1e7  // of a simulated student
	mostCounted       = 1e15 // of a course: more are not whole numbers in float64, nor in int64
)

// Validate refuses what has no answer: an error that is no way off, nothing with a price,
// shares that are the cheaper the smaller.
func (p *Protocol) Validate() error {
	if p.Target >= p.Start {
		return schema.Fieldf("e", "%g is not below e0=%g, where learning starts", p.Target, p.Start)
	}
	if p.Change == 0 && p.Amount == 0 && p.Duration == 0 {
		return schema.Fieldf("change", "nothing has a price; give one to change, amount or time")
	}
	if p.Share == 0 && p.Duration == 0 {
		if p.Select == "random" {
			return schema.Fieldf("p", "random masks of any share cost the same where time has no price; give p, or a price of time")
		}
		return schema.Fieldf("p", "the smaller the share the cheaper, where time has no price; give p, or a price of time")
	}
	if p.Share == 0 {
		for _, e := range []float64{p.Start, p.Target} {
			if share := p.at(e).share; share < leastShare {
				return schema.Fieldf("p", "the cheapest share is below %g at e=%g; give p, or a larger price of time", leastShare, e)
			}
		}
	}
	if most := p.stable(); p.Constant >= most {
		return schema.Fieldf("eta", "a constant rate of %g never reaches e=%g; give less than %.6g, or 0 for the best", p.Constant, p.Target, most)
	}
	if last := p.totals().time * float64(p.N); p.fixed() > 0 && !(last <= mostCounted) {
		return schema.Fieldf("e", "%g is reached after %.3g presentations, more than %.0g; give a larger one, fewer weights n, or time a larger price", p.Target, last, mostCounted)
	}
	return p.checkSimulation()
}

// checkSimulation refuses simulations that never end, or take too long.
func (p *Protocol) checkSimulation() error {
	if p.Simulate == 0 {
		return nil
	}
	if p.fixed() == 0 {
		return schema.Fieldf("simulate", "no course has the least M1: the rate tends to 0 and the time grows without end; give change or time a small price")
	}
	longest := max(p.totals().time, p.constant().time) * float64(p.N)
	if longest > mostPresentations {
		return schema.Fieldf("n", "a simulation takes %.3g presentations, more than %.0g; give fewer weights", longest, mostPresentations)
	}
	return nil
}

// Predict implements Theory.
func (p *Protocol) Predict(ctx context.Context) (*theory.Result, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if p.fixed() == 0 {
		return p.limit(), nil
	}
	course, err := p.follow(ctx)
	if err != nil {
		return nil, err
	}
	simulated, err := p.simulate(ctx)
	if err != nil {
		return nil, err
	}
	result := theory.CurveTable("t", course.times, course.curves(simulated.cheapest)...)
	p.state(result, simulated)
	result.Notes = p.notes()
	return result, nil
}

// state adds the scalars: the totals of the protocol, of the constant rate and of the best
// falling one.
func (p *Protocol) state(r *theory.Result, simulated students) {
	cheapest, constant, falling := p.totals(), p.constant(), p.falling()
	for _, q := range p.quantities("", cheapest, simulated.cheapest) {
		r.AddScalar(q)
	}
	for _, q := range p.quantities("constant_", constant.totals, simulated.constant) {
		r.AddScalar(q)
	}
	for name, value := range map[string]float64{
		"constant_rate": constant.rate, "constant_p": constant.share, "ratio": constant.cost / cheapest.cost,
		"falling_rate": falling.rate, "falling_half": falling.half, "falling_cost": falling.cost, "falling_ratio": falling.cost / cheapest.cost,
		"eta_first": p.at(p.Start).rate, "eta_last": p.at(p.Target).rate,
	} {
		r.Scalars[name] = theory.Known(value)
	}
}

// limit is the result where M1 alone has a price: what the cost tends to as η → 0.
func (p *Protocol) limit() *theory.Result {
	levels := p.levels()
	c := newCourse(len(levels))
	for i, e := range levels {
		sums := p.between(e, p.Start)
		c.times[i], c.m0[i] = math.NaN(), math.NaN()
		c.distance[i], c.share[i], c.m1[i], c.cost[i] = e, p.at(e).share, sums.m1, sums.cost
	}
	c.m0[0] = 0
	r := theory.CurveTable("t", c.times, c.curves(nil)...)
	p.state(r, students{})
	r.Notes = append(p.notes(), "amount alone has a price: m1 and cost are limits for eta to 0, which take infinitely long and infinitely many changes (t and m0 are unknown)")
	return r
}

// quantities are totals by name, with what the students paid.
func (p *Protocol) quantities(prefix string, t totals, paid []*course) []theory.Quantity {
	all := []theory.Quantity{
		{Name: prefix + "m0", Predicted: t.m0}, {Name: prefix + "m1", Predicted: t.m1},
		{Name: prefix + "time", Predicted: t.time}, {Name: prefix + "cost", Predicted: t.cost},
	}
	if len(paid) == 0 {
		return all
	}
	samples := make([][]float64, len(all))
	for _, c := range paid {
		for i, total := range c.atTarget(p) {
			samples[i] = append(samples[i], total)
		}
	}
	for i := range all {
		all[i].Simulations = theory.Simulated(theory.EstimateMean(samples[i]))
	}
	return all
}

// notes says how to read the table.
func (p *Protocol) notes() []string {
	notes := []string{
		"t in presentations per weight, e = |w-w*|²/n; m0 = M0/n and m1 = M1/√n per synapse until t; cost = change·m0 + amount·m1 + time·t",
		"a run's learning rate is eta/n, or eta at rule.optimizer.rate=relative; constant_… are the totals of the constant rate that costs least, or of the setting eta; ratio is its cost over that of the protocol",
		"falling_… are those of the best rate falling_rate/(1 + t/falling_half), the setting half of sgd in units of n",
	}
	if p.Simulate > 0 {
		notes = append(notes, fmt.Sprintf("simulations have %d weights and learn by the predicted eta(t); their totals are until e is reached, to first order in what is missing at the end", p.N))
	}
	return notes
}
